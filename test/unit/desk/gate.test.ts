import { Budget } from '../../../src/desk/budget.ts';
import { Gate, type Kind, PRIORITY, TEAMS, type Wish } from '../../../src/desk/gate.ts';
import { Time } from './time.ts';

const ONE_A_SECOND = [{ calls: 1, ms: 1_000 }];
const free = new Budget([]);

let time: Time;
let env: ReturnType<Time['env']>;
beforeEach(() => {
  time = new Time();
  env = time.env();
});

/** Asks for turns, and notes who passed and when (ms since the start). */
function visitors(gate: Gate, tenant = free) {
  const passed: [name: string, at: number][] = [];
  const began = env.elapsed();
  const ends = new Map<string, () => void>();
  return {
    passed,
    names: () => passed.map(([name]) => name),
    end: (name: string) => ends.get(name)?.(),
    async come(name: string, wish: Partial<Wish> = {}, stays = false) {
      const done = await gate.turn({ kind: 'send', priority: PRIORITY.message, order: 1, tenant, ...wish });
      passed.push([name, env.elapsed() - began]);
      if (stays) ends.set(name, done);
      else done();
    },
  };
}

test('messages pass before notices, notices before cards, and within each whoever came first', async () => {
  const gate = new Gate(env, ONE_A_SECOND);
  const { come, names } = visitors(gate);
  void come('at once');
  void come('card', { priority: PRIORITY.card, order: 0 });
  void come('later notice', { priority: PRIORITY.notice, order: 9 });
  void come('notice', { priority: PRIORITY.notice, order: 2 });
  void come('third', { order: 7 });
  void come('second', { order: 3 });
  void come('as old as the second, asked later', { order: 3 });
  await time.pass(20_000);
  const inOrder = ['second', 'as old as the second, asked later', 'third', 'notice', 'later notice', 'card'];
  expect(names()).toEqual(['at once', ...inOrder]);
});

test('each passes as soon as its window allows, not sooner', async () => {
  const { come, passed } = visitors(new Gate(env, [{ calls: 2, ms: 1_000 }]));
  for (const name of ['a', 'b', 'c', 'd', 'e']) void come(name);
  await time.pass(5_000);
  expect(passed.map(([, at]) => at)).toEqual([0, 0, 1_001, 1_001, 2_002]);
});

test('a call under way keeps its place in the window until it ends', async () => {
  const { come, passed, end } = visitors(new Gate(env, ONE_A_SECOND));
  void come('slow', {}, true);
  void come('next');
  await time.pass(60_000);
  expect(passed).toEqual([['slow', 0]]);
  end('slow');
  await time.pass(2_000);
  expect(passed[1]).toEqual(['next', 61_001]);
});

test('threads made, messages sent and replies to end users do not wait for each other', async () => {
  const { come, names } = visitors(new Gate(env, ONE_A_SECOND));
  const kinds: Kind[] = ['create', 'send', 'endUser'];
  for (const kind of kinds) for (const n of [1, 2]) void come(`${kind} ${n}`, { kind });
  await time.pass(0);
  expect(names().toSorted()).toEqual(['create 1', 'endUser 1', 'endUser 2', 'send 1']);
});

test('a pause holds for its kinds, the longer of two counts, and no call passes before its end', async () => {
  const gate = new Gate(env, []);
  const { come, passed } = visitors(gate);
  gate.pause(TEAMS, 30_000);
  gate.pause(TEAMS, 500);
  gate.pause(['endUser'], -5);
  void come('send');
  void come('create', { kind: 'create' });
  void come('reply', { kind: 'endUser' });
  await time.pass(29_999);
  expect(passed).toEqual([['reply', 0]]);
  await time.pass(1);
  expect(passed.slice(1).map(([, at]) => at)).toEqual([30_000, 30_000]);
});

test('a pause that begins while somebody waits holds for them too', async () => {
  const gate = new Gate(env, ONE_A_SECOND);
  const { come, passed } = visitors(gate);
  void come('a');
  void come('b');
  await time.pass(500);
  gate.pause(TEAMS, 10_000);
  await time.pass(20_000);
  expect(passed).toEqual([
    ['a', 0],
    ['b', 10_500],
  ]);
});

test('once Teams is known to work, nobody waits for what it asked for', async () => {
  const gate = new Gate(env, []);
  const { come, names } = visitors(gate);
  gate.pause(TEAMS, 300_000);
  void come('send');
  await time.pass(10);
  gate.resume();
  await time.pass(0);
  expect(names()).toEqual(['send']);
  expect(time.timers).toBe(0);
});

test('a closed gate turns away who waits and who comes, and leaves no timer', async () => {
  const gate = new Gate(env, ONE_A_SECOND);
  const { come, end } = visitors(gate);
  void come('slow', {}, true);
  gate.pause(['endUser'], 5_000);
  const waiting = [come('a'), come('b', { kind: 'endUser' }), come('c', { priority: PRIORITY.card })];
  gate.close();
  end('slow');
  for (const turn of [...waiting, come('too late')]) await expect(turn).rejects.toMatchObject({ code: 'lane.left' });
  expect(time.timers).toBe(0);
  expect(gate.hasSpare).toBe(false);
});

test('two Teams channels share what their tenant takes', async () => {
  const tenant = new Budget([{ calls: 3, ms: 1_000 }]);
  const one = visitors(new Gate(env, []), tenant);
  const other = visitors(new Gate(env, []), tenant);
  for (const n of [1, 2, 3, 4]) {
    void one.come(`one ${n}`);
    void other.come(`other ${n}`);
  }
  await time.pass(10_000);
  const moments = [...one.passed, ...other.passed].map(([, at]) => at).sort((a, b) => a - b);
  expect(moments).toEqual([0, 0, 0, 1_001, 1_001, 1_001, 2_002, 2_002]);
});

test('the end of a call in another Teams channel lets a neighbour pass soon', async () => {
  const tenant = new Budget([{ calls: 1, ms: 10 }]);
  const one = visitors(new Gate(env, []), tenant);
  const other = visitors(new Gate(env, []), tenant);
  void one.come('slow', {}, true);
  void other.come('neighbour');
  await time.pass(5_000);
  expect(other.passed).toEqual([]);
  one.end('slow');
  await time.pass(50);
  expect(other.names()).toEqual(['neighbour']);
});

test('twenty replies go to end users at once, and the next one with the first end', async () => {
  const { come, names, end } = visitors(new Gate(env, ONE_A_SECOND));
  for (let n = 1; n <= 22; n += 1) void come(`reply ${n}`, { kind: 'endUser', order: n }, true);
  await time.pass(60_000);
  expect(names()).toHaveLength(20);
  end('reply 3');
  await time.pass(0);
  expect(names().slice(20)).toEqual(['reply 21']);
});

test('there is spare when nobody waits, Teams asked for nothing and half of each window is there', async () => {
  const gate = new Gate(env, [{ calls: 4, ms: 1_000 }]);
  const { come } = visitors(gate);
  expect(gate.hasSpare).toBe(true);
  await come('a');
  await come('b');
  expect(gate.hasSpare).toBe(true);
  await come('c');
  expect(gate.hasSpare).toBe(false);
  await time.pass(1_001);
  gate.pause(TEAMS, 5);
  expect(gate.hasSpare).toBe(false);
  await time.pass(5);
  expect(gate.hasSpare).toBe(true);
  expect(new Gate(env, []).hasSpare).toBe(true);
});

test('a gate goes on where an earlier one was, in budget and in pause, and believes no endless pause', async () => {
  const first = new Gate(env, ONE_A_SECOND);
  await visitors(first).come('a');
  first.pause(TEAMS, 90_000);
  const state = JSON.parse(JSON.stringify(first.state()));
  const next = new Gate(env, ONE_A_SECOND);
  next.continue(state, 0);
  expect(next.left('send')).toBe(0);
  expect(next.left('create')).toBe(1);
  const { come, passed } = visitors(next);
  void come('b');
  await time.pass(95_000);
  expect(passed).toEqual([['b', 90_000]]);

  const setBack = new Gate(env, []);
  setBack.continue({ pausedUntil: env.now() + 400 * 24 * 3_600_000 }, 0);
  const later = visitors(setBack);
  void later.come('c');
  await time.pass(3_600_000);
  expect(later.names()).toEqual(['c']);
});
