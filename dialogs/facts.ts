import type { Desk } from '../src/desk/desk.ts';
import type { Finding } from '../src/desk/finding.ts';
import type { DeskSettings, Person } from '../src/desk/settings.ts';
import type { Locale } from '../src/text/text.ts';

/** What is known of a message to the bot when a dialog begins. Plain data: it is stored while a dialog waits for a click. */
export interface Facts {
  deskId: string;
  botName: string;
  locale: Locale;
  /** The Teams channel it was written in, and the thread (`...;messageid=<root>`). */
  room: string;
  threadId: string;
  activityId: string;
  person: Person;
  text: string;
  /** By what all its words are known again as they were typed, whatever of them goes out; missing for what a button says. */
  typed?: string;
  /** `29:` ids and names of people mentioned beside the bot. */
  mentioned: { id: string; name: string }[];
  /** Pictures pasted into it; missing where a dialog was stored by an earlier release. */
  pictures?: { url: string; name?: string }[];
  /** Names of what Teams did not hand over with it, empty where nothing tells them. */
  unsent?: string[];
  /** Only what is marked as a reply may go out here (rules.ts). */
  guarded?: boolean;
  /** What stands in a block of code in the message, as clients make of triple back-ticks. */
  code?: string;
  /** What is quoted in it. */
  quoted?: string;
  /** Whether the bot was really mentioned; without that a message is none of ours. */
  addressed: boolean;
}

/** What the dialogs work with. */
export interface Tools {
  desk: Desk;
  /** Who a `29:` or Entra id is in the desk's team; `undefined` for strangers. */
  member(deskId: string, id: string): Promise<{ person: Person; guest: boolean } | undefined>;
  /** Tries what the desk asks of Teams, in the thread where an admin asked for it. */
  examineTeams(
    desk: DeskSettings,
    asked: { room: string; threadId: string; activityId?: string; person: Person; locale: Locale },
  ): Promise<Finding[]>;
  storeKind: 'sqlite' | 'cosmos';
  /** Where the outside reaches us: hooks come in below it. */
  publicUrl: string;
  /** How long a question to an operator stays open (ms). */
  questionLife: number;
  now(): number;
}
