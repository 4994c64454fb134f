import type { Rules } from './rules.ts';

/** A person in Teams. `id` is their Entra object id where Teams tells it, else the `29:` id; `teamsId` is that `29:` id, `locale` the language they have Teams in. */
export interface Person {
  id: string;
  name: string;
  teamsId?: string;
  locale?: 'ja' | 'en';
}

/** A Teams channel of a team; General has no name of its own. */
export interface Room {
  id: string;
  name?: string;
}

/** One team that installed the app, with its settings. `id` is the team's id, which is also its General channel's id. */
export interface DeskSettings {
  id: string;
  tenantId: string;
  serviceUrl: string;
  botId: string;
  botName: string;
  teamName?: string;
  aadGroupId?: string;
  locale?: 'ja' | 'en';
  admins: Person[];
  /** Ids of the team's Teams channels, as far as known: the only ones that routing may choose. */
  rooms: string[];
  /** How the desk works, where it differs from what every desk begins with (rules.ts). */
  rules?: Partial<Rules>;
  /** Set while the app is not installed in the team; the desk's data is kept. */
  removedAt?: number;
  createdAt: number;
}

/**
 * The credentials of one end-user channel at a desk. `id` is made from the channel's name and the account's public key,
 * so that a hook finds its connection with one point read. `sealed` holds the secrets; nothing else here is secret.
 */
export interface Connection {
  id: string;
  deskId: string;
  channel: string;
  account: string;
  settings: Record<string, string>;
  sealed: string;
  /** The Teams channel that new conversations go to unless routing says otherwise. */
  room: string;
  createdAt: number;
  updatedAt: number;
  /** Since when it rests: what comes in is not taken, and nothing goes out (Unix ms). */
  pausedAt?: number;
  /** Since when its credentials are gone (Unix ms): `sealed` is empty. */
  disconnectedAt?: number;
  /** When a team took the account over from another one (Unix ms): what was said before is not its own. */
  takenOverAt?: number;
  /** Since when its conversations are being deleted (Unix ms), until all of them are gone; and when they were. */
  forgettingSince?: number;
  forgottenAt?: number;
}

/** That a person in Teams answers as an operator of the channel (KARTE: アサインID). One link a person and desk. */
export interface OperatorLink {
  id: string;
  deskId: string;
  person: Person;
  operatorId: string;
  operatorName?: string;
  linkedAt: number;
  /** Since when this person takes new conversations (Unix ms); without it they take none. */
  onSince?: number;
  /** When one was last handed out to them (Unix ms), and which were just now (by which delivery), so that their number is right before it shows. */
  handedOutAt?: number;
  claims?: { id: string; by: string; at: number }[];
}
