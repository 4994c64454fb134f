import type { SetupField } from '../cards/setup.ts';
import { setupFields } from '../cards/setup.ts';
import type { Person } from '../src/desk/settings.ts';
import type { Say } from '../src/text/text.ts';
import { sentenceOf } from '../src/text/text.ts';
import type { Tools } from './facts.ts';
import { Refusal } from './refusal.ts';

/** The values of a desk's connection as they were typed or pasted. */
export type SetupValues = Partial<Record<SetupField, string>>;

/** What came of it: `lines` to say when it worked, else `problem`. */
export type SetupResult = { done: true; lines: string[] } | { done: false; problem: string };

/** Checks the values by a real call to KARTE, keeps them sealed, and makes the first person who does so the desk's admin. */
export async function setUp(
  tools: Tools,
  say: Say,
  where: { deskId: string; room: string },
  personId: string,
  given: SetupValues,
): Promise<SetupResult> {
  const values = cleaned(given);
  const wrong = setupFields.find(({ id, required }) =>
    values[id] ? !/^[\x21-\x7e]{1,500}$/.test(values[id]) : required,
  );
  if (wrong) {
    const field = say(`setup.${wrong.id}`);
    return problem(values[wrong.id] ? say('setup.wrongValue', { field }) : `${field}: ${say('setup.required')}`, say);
  }
  try {
    const person = await memberFor(tools, where.deskId, personId);
    const { apiKey = '', accessToken = '', botId = '', clientSecret = '', projectId = '' } = values;
    await tools.desk.administration.connect(where.deskId, person, where.room, {
      channel: 'karte',
      account: apiKey,
      settings: { botId, ...(projectId ? { projectId } : {}) },
      secrets: { accessToken, clientSecret },
    });
    const { admins } = await tools.desk.administration.read(where.deskId);
    const lines = [
      say('setup.done', { url: tools.hookUrl }),
      say('setup.channel'),
      say('answer.admins', { names: admins.map(({ name }) => name).join(', ') }),
    ];
    return { done: true, lines };
  } catch (error) {
    // Whoever reads this has the form at hand already.
    const badToken = (error as { code?: unknown }).code === 'karte.unauthorized';
    const reason = badToken ? say('setup.badToken') : sentenceOf(error, say);
    if (reason === undefined) throw error;
    return problem(reason, say);
  }
}

/** The person as the team's roster knows them; guests and strangers may not set a desk up or appoint admins. */
export async function memberFor(tools: Tools, deskId: string, personId: string): Promise<Person> {
  const member = await tools.member(deskId, personId);
  if (!member) throw new Refusal('answer.notMember');
  if (member.guest) throw new Refusal('answer.guest');
  return member.person;
}

function problem(reason: string, say: Say): SetupResult {
  return { done: false, problem: `${reason}\n\n${say('setup.notKept')}` };
}

/** What copying brings along: spaces of every kind around a value, and invisible characters anywhere. */
function cleaned(values: SetupValues): SetupValues {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      typeof value === 'string' ? value.replace(/[\u200b-\u200d\u2060\ufeff]/g, '').trim() : '',
    ]),
  );
}
