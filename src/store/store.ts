import type { Records } from '../desk/ports.ts';

/** The desk's records in a real database, with what running one takes. */
export interface Store extends Records {
  /** Other processes may work on the same records at the same time. */
  readonly shared: boolean;
  /** Resolves when the database answers; rejects with a DeskError `store.unavailable` when it does not. */
  ready(): Promise<void>;
  /** Removes what is past its `expiresAt` (where the database does not do so by itself); the count removed. */
  sweep(now: number): Promise<number>;
  close(): Promise<void>;
}

/** How one kind of document is kept: its partition, the fields that may be searched, the field lists are sorted by. */
export interface CollectionSpec {
  partition: string;
  where: readonly string[];
  sort: string;
}

/** Every collection there is. Conversations, threads and settings never expire; the rest carries `expiresAt` (Unix ms). */
export const collections = {
  desks: { partition: 'id', where: ['tenantId'], sort: 'createdAt' },
  connections: { partition: 'id', where: ['deskId'], sort: 'createdAt' },
  conversations: { partition: 'id', where: ['deskId', 'status'], sort: 'createdAt' },
  deliveries: { partition: 'lane', where: ['state', 'conversationId', 'toward'], sort: 'order' },
  threads: { partition: 'id', where: [], sort: 'id' },
  operators: { partition: 'deskId', where: ['operatorId'], sort: 'linkedAt' },
  turns: { partition: 'id', where: [], sort: 'at' },
  dialogs: { partition: 'id', where: [], sort: 'expiresAt' },
  lanes: { partition: 'id', where: [], sort: 'due' },
  waits: { partition: 'id', where: [], sort: 'dueAt' },
  canned: { partition: 'deskId', where: [], sort: 'createdAt' },
} as const satisfies Record<keyof Records, CollectionSpec>;
