import type { Finding } from '../desk/finding.ts';
import type { Outcome } from '../desk/outcome.ts';
import type { DeskSettings, Person } from '../desk/settings.ts';
import { type Locale, speaker } from '../text/text.ts';
import type { Spend } from './adapter.ts';
import type { Poster } from './poster.ts';

/** Where an admin asked, and in which message. */
export interface Asked {
  room: string;
  threadId: string;
  /** The message of the admin, unless it was a button. */
  activityId?: string;
  person: Person;
  locale: Locale;
}

/** Tries every call that the desk makes to Teams. What is posted for it is seen by the admin alone, who asked for it. */
export class TeamsExamination {
  readonly #poster: Poster;
  readonly #spend: Spend;

  constructor(poster: Poster, spend: Spend) {
    this.#poster = poster;
    this.#spend = spend;
  }

  async examine(desk: DeskSettings, asked: Asked): Promise<Finding[]> {
    const [roster, rooms, targeted, reaction] = await Promise.all([
      this.#call(
        desk,
        'GET',
        `/v3/conversations/${encodeURIComponent(desk.id)}/members/${encodeURIComponent(personIn(asked))}`,
      ),
      this.#call(desk, 'GET', `/v3/teams/${encodeURIComponent(desk.id)}/conversations`),
      this.#targeted(desk, asked),
      asked.activityId === undefined ? undefined : this.#react(desk, asked.threadId, asked.activityId),
    ]);
    return [
      // This very answer stands in the Teams channel.
      { about: 'doctor.teamsPost', state: 'ok' },
      findingOf('doctor.teamsRoster', roster),
      findingOf('doctor.teamsRooms', rooms),
      findingOf('doctor.teamsTargeted', targeted),
      reaction
        ? findingOf('doctor.teamsReaction', reaction)
        : { about: 'doctor.teamsReaction', state: 'untested', reason: 'doctor.needsMessage' },
    ];
  }

  /** Source of the shape: Teams' targeted messages (reference: teams-platform). */
  async #targeted(desk: DeskSettings, { room, threadId, person, locale }: Asked): Promise<Outcome> {
    const done = this.#spend(room, desk.tenantId);
    const activity = {
      type: 'message',
      text: speaker(locale)('doctor.onlyYou'),
      textFormat: 'plain',
      recipient: { id: person.teamsId ?? person.id, name: person.name },
    };
    const path = `/v3/conversations/${encodeURIComponent(threadId)}/activities?isTargetedActivity=true`;
    return this.#call(desk, 'POST', path, activity).finally(done);
  }

  #react(desk: DeskSettings, threadId: string, activityId: string): Promise<Outcome> {
    const path = `/v3/conversations/${encodeURIComponent(threadId)}/activities/${encodeURIComponent(activityId)}/reactions/like`;
    return this.#call(desk, 'PUT', path);
  }

  async #call(desk: DeskSettings, method: 'GET' | 'POST' | 'PUT', path: string, body?: object): Promise<Outcome> {
    return (await this.#poster.call(method, desk.serviceUrl, path, body)).outcome;
  }
}

function personIn({ person }: Asked): string {
  return person.teamsId ?? person.id;
}

/** Only a certain "no" means that something is missing. */
function findingOf(about: string, outcome: Outcome): Finding {
  if (outcome.kind === 'delivered') return { about, state: 'ok' };
  if (outcome.kind === 'unknown' || outcome.transient)
    return { about, state: 'untested', reason: 'doctor.noAnswer', detail: outcome.code };
  return { about, state: 'missing', reason: 'doctor.teamsRefused', detail: outcome.code };
}
