import type { Ledger, Seen, Toward } from './ledger.ts';
import { runsOf } from './posts.ts';

/** What a proof found, as counts of messages unless said otherwise. */
export interface Verdict {
  messages: number;
  /** The product never said that it keeps them, however often they came. */
  unaccepted: number;
  lostInTeams: number;
  lostAtCustomers: number;
  outOfOrderInTeams: number;
  outOfOrderAtCustomers: number;
  /** Shown again in Teams, and said to be perhaps a repeat. */
  markedRepeats: number;
  unmarkedRepeats: number;
  /** Threads made for a customer who had one. */
  markedRoots: number;
  unmarkedRoots: number;
  /** The most marked posts that one process made in one conversation. */
  mostMarkedPosts: number;
  repeatsAtCustomers: number;
  /** Customers received what nobody said to them. */
  strangeAtCustomers: number;
  /** Cards that ask a person about a message. */
  failureCards: number;
  /** The first few that something was wrong with. */
  examples: string[];
}

/** Everything that must be so for a verdict to be good, whatever happened. */
export const GOOD = {
  unaccepted: 0,
  lostInTeams: 0,
  lostAtCustomers: 0,
  outOfOrderInTeams: 0,
  outOfOrderAtCustomers: 0,
  unmarkedRepeats: 0,
  unmarkedRoots: 0,
  repeatsAtCustomers: 0,
  strangeAtCustomers: 0,
  failureCards: 0,
  examples: [],
} satisfies Partial<Verdict>;

const EXAMPLES = 12;

/** Judges what was seen against what was said. */
export function judge(ledger: Ledger): Verdict {
  const { said, inTeams, atCustomers, roots } = ledger;
  const examples: string[] = [];
  const count = (what: string, which: string[]): number => {
    examples.push(...which.slice(0, EXAMPLES - examples.length).map((each) => `${what}: ${each}`));
    return which.length;
  };
  const texts = [...said.keys()];
  const lost = (toward: Toward) => texts.filter((text) => said.get(text)?.toward === toward && !ledger.isSeen(text));
  const repeats = again(inTeams, ({ text }) => text ?? '');
  const rootsAgain = again(roots, ({ key }) => key);
  const own = ({ key, text = '' }: Seen) => said.get(text)?.toward === 'customer' && said.get(text)?.key === key;
  return {
    messages: said.size,
    unaccepted: count(
      'not accepted',
      texts.filter((text) => !said.get(text)?.accepted),
    ),
    lostInTeams: count('not in Teams', lost('teams')),
    lostAtCustomers: count('not at the customer', lost('customer')),
    outOfOrderInTeams: count('out of order in Teams', overtaken(ledger, inTeams)),
    outOfOrderAtCustomers: count('out of order at the customer', overtaken(ledger, atCustomers)),
    markedRepeats: repeats.filter(({ marked }) => marked).length,
    unmarkedRepeats: count('again and not marked', repeats.filter(({ marked }) => !marked).map(nameOf)),
    markedRoots: rootsAgain.filter(({ marked }) => marked).length,
    unmarkedRoots: count('a second thread, not marked', rootsAgain.filter(({ marked }) => !marked).map(nameOf)),
    mostMarkedPosts: Math.max(mostOfOne(inTeams), mostOfOne(roots)),
    repeatsAtCustomers: count('twice at the customer', again(atCustomers, ({ text }) => text ?? '').map(nameOf)),
    strangeAtCustomers: count('nobody said to the customer', atCustomers.filter((seen) => !own(seen)).map(nameOf)),
    failureCards: count(
      'a person is asked',
      ledger.failures.map((post) => runsOf(post).join(' ')),
    ),
    examples,
  };
}

/** Everything that was seen before. */
function again(all: Seen[], what: (seen: Seen) => string): Seen[] {
  const before = new Set<string>();
  return all.filter((seen) => before.size === before.add(what(seen)).size);
}

/** Messages whose first appearance came behind the one of a later message. */
function overtaken({ said }: Ledger, all: Seen[]): string[] {
  const furthest = new Map<string, number>();
  const before = new Set<string>();
  return all.flatMap(({ key, text = '' }) => {
    const index = said.get(text)?.index ?? -1;
    if (before.has(text)) return [];
    before.add(text);
    const late = index < (furthest.get(key) ?? -1);
    furthest.set(key, Math.max(index, furthest.get(key) ?? -1));
    return late ? [text] : [];
  });
}

/** A post that holds several messages counts once. */
function mostOfOne(all: Seen[]): number {
  const posts = new Map<string, Set<string>>();
  for (const { key, by, place, marked } of all) {
    const one = `${key} ${by}`;
    if (marked) posts.set(one, (posts.get(one) ?? new Set()).add(place));
  }
  return Math.max(0, ...[...posts.values()].map(({ size }) => size));
}

function nameOf({ key, text, by }: Seen): string {
  return `${text ?? key} (${by})`;
}
