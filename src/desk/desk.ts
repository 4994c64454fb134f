import { Administration } from './administration.ts';
import { Alarms } from './alarms.ts';
import { Attention } from './attention.ts';
import { Away } from './away.ts';
import { CannedReplies } from './cannedReplies.ts';
import { Connections } from './connections.ts';
import { Directory } from './directory.ts';
import { Doctor } from './doctor.ts';
import { Duty } from './duty.ts';
import { Edits } from './edits.ts';
import { Forgetting } from './forgetting.ts';
import { Gates, type TeamsLimits } from './gates.ts';
import { Holds } from './holds.ts';
import type { IsHoliday } from './hours.ts';
import { Insist } from './insist.ts';
import { Intake } from './intake.ts';
import { Lanes } from './lanes.ts';
import type { Terms } from './lease.ts';
import { Moves } from './moves.ts';
import { OperatorActions } from './operatorActions.ts';
import { Overviews } from './overview.ts';
import { Parked } from './parked.ts';
import { Pictures, type PicturesPort } from './pictures.ts';
import type { ChannelPort, Environment, Records, TeamsPort } from './ports.ts';
import { PrivateNotices } from './privateNotices.ts';
import { Reminders } from './reminders.ts';
import { RootCards } from './rootCards.ts';
import { Sequence } from './sequence.ts';
import type { Connection } from './settings.ts';
import { Turns } from './turns.ts';
import { Waits } from './waits.ts';

/** What a desk is built from. `seal` closes a connection's secrets under its id. */
export interface DeskParts {
  records: Records;
  teams: TeamsPort;
  channels: ReadonlyMap<string, ChannelPort>;
  pictures: PicturesPort;
  /** Where the outside reaches us. */
  publicUrl: string;
  env: Environment;
  isHoliday: IsHoliday;
  seal(secrets: Record<string, string>, connectionId: string): string;
  open(connection: Connection): Record<string, string>;
  /** How long message content is kept (ms). */
  retention: number;
  /** The name of this process, new with each start. */
  process: string;
  terms: Terms;
  limits: TeamsLimits;
  /** How long after its end the end user's side is asked about a send whose outcome nobody saw (ms). */
  settle: number;
}

/** By then every process has seen a change of settings (ms): each remembers them for five seconds. */
const SEEN_EVERYWHERE = 6_000;

/** The product: what comes in from either side, what operators and admins do, and the lanes that deliver. */
export class Desk {
  readonly directory: Directory;
  readonly intake: Intake;
  readonly edits: Edits;
  readonly operators: OperatorActions;
  readonly administration: Administration;
  readonly connections: Connections;
  readonly canned: CannedReplies;
  readonly doctor: Doctor;
  readonly duty: Duty;
  readonly parked: Parked;
  readonly overviews: Overviews;
  readonly lanes: Lanes;
  readonly moves: Moves;
  readonly holds: Holds;
  readonly gates: Gates;
  readonly turns: Turns;
  readonly attention: Attention;
  /** What is told to one person alone. */
  readonly notices: PrivateNotices;
  readonly #reminders: Reminders;
  readonly #forgetting: Forgetting;
  /** Dialogs that wait for a click. */
  readonly dialogs: Records['dialogs'];

  constructor(parts: DeskParts) {
    const { records, env, teams, isHoliday } = parts;
    const sequence = new Sequence(env.now);
    this.dialogs = records.dialogs;
    const { process, terms } = parts;
    this.turns = new Turns(records, env, { process, shared: terms.shared });
    this.directory = new Directory({ records, channels: parts.channels, env, open: parts.open });
    const gates = new Gates(env, parts.limits);
    this.gates = gates;
    this.notices = new PrivateNotices({ directory: this.directory, teams, gates, env });
    const cards = new RootCards(records, this.directory, teams, gates, env);
    this.holds = new Holds({ records, env, teams, directory: this.directory });
    const pictures = new Pictures(parts.pictures, env, { fetch: terms.send, retention: parts.retention });
    this.attention = new Attention({ records, env, directory: this.directory });
    this.lanes = new Lanes({
      records,
      env,
      teams,
      directory: this.directory,
      cards,
      attention: this.attention,
      alarms: new Alarms({ directory: this.directory, teams, gates, env }),
      gates,
      pictures,
      notices: this.notices,
      sequence,
      insist: new Insist(env),
      waits: new Waits({ records, env, directory: this.directory, isHoliday }),
      terms,
      process,
      settle: parts.settle,
      retention: parts.retention,
      holds: this.holds,
    });
    this.intake = new Intake({
      records,
      env,
      teams,
      directory: this.directory,
      lanes: this.lanes,
      sequence,
      away: new Away({ env, directory: this.directory, isHoliday }),
      retention: parts.retention,
    });
    this.#reminders = new Reminders({
      records,
      env,
      directory: this.directory,
      lanes: this.lanes,
      sequence,
      isHoliday,
      retention: parts.retention,
    });
    this.moves = new Moves({
      env,
      teams,
      directory: this.directory,
      lanes: this.lanes,
      sequence,
      retention: parts.retention,
    });
    this.operators = new OperatorActions({ records, env, directory: this.directory, cards, attention: this.attention });
    this.administration = new Administration({ records, env, directory: this.directory });
    this.#forgetting = new Forgetting({
      records,
      env,
      directory: this.directory,
      pictures,
      settle: terms.shared ? SEEN_EVERYWHERE : 0,
    });
    this.connections = new Connections({
      forgetting: this.#forgetting,
      records,
      env,
      teams,
      directory: this.directory,
      administration: this.administration,
      open: parts.open,
      seal: parts.seal,
    });
    this.canned = new CannedReplies({ records, env, directory: this.directory });
    this.doctor = new Doctor({ records, env, directory: this.directory, publicUrl: parts.publicUrl });
    this.duty = new Duty({
      records,
      env,
      directory: this.directory,
      lanes: this.lanes,
      sequence,
      retention: parts.retention,
    });
    this.overviews = new Overviews({ records, directory: this.directory });
    const { directory, lanes, intake } = this;
    this.edits = new Edits({ records, env, directory, intake, lanes, sequence, retention: parts.retention });
    this.parked = new Parked({ records, env, lanes, sequence, edits: this.edits });
  }

  /** Takes up what an earlier process left open. */
  async start(): Promise<void> {
    await this.lanes.start();
    this.#reminders.start();
    await this.#forgetting.start();
  }

  /** Finishes what is under way and takes nothing new. */
  stop(): Promise<void> {
    this.#reminders.stop();
    this.#forgetting.stop();
    return this.lanes.drain();
  }
}
