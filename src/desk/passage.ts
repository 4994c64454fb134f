import type { Delivery } from './delivery.ts';
import type { Kind } from './gate.ts';
import type { Failure } from './outcome.ts';
import type { Versioned } from './ports.ts';
import type { Written } from './writing.ts';

/** The way out of a lane, for one attempt. */
export interface Passage {
  /** Resolves when a call of this kind may start, to what is to be called at its end. Rejects with `lane.left`. */
  turn(kind: Kind, tenantId: string): Promise<() => void>;
  /** Resolves when a call that begins now ends before the lease does: asked once more when the store was asked since the turn. */
  mayStart(): Promise<void>;
  /** What goes out now: the delivery, and those behind it that share its post. To be asked when the turn has come. */
  group(): Versioned<Delivery>[];
  /** This attempt only finds out whether the other side is back: a failure changes nothing about the plan. */
  probing: boolean;
  /** Whatever else of the conversation waits for the gate comes back without a turn. */
  callBack(): void;
  /** The same, and what waits for its next try has it now. */
  stir(): void;
  /** How much else of the conversation has a place in this lane, what is only being stored included. */
  others(): number;
  /** Brings in all that is open of the conversation in this lane, whenever and by whomever it was stored. */
  gather(): Promise<void>;
  /** Where the lane's conversations go on while their own Teams channel can't be posted to. */
  refuge(): string | undefined;
}

/** What became of one attempt. */
export interface Attempt {
  after: Written;
  /** When the first one is to be tried again (ms). */
  wait?: number;
  /** The other side asked to be left alone (ms). */
  pause?: number;
  /** Nobody knows whether it was posted. */
  unknown?: boolean;
  /** Sharing one post was refused: each goes by itself. */
  apart?: boolean;
  /** Nothing can be posted into this Teams channel of that desk. */
  hold?: { failure: Failure; deskId: string };
}
