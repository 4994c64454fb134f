import { Limits } from '../../../simulator/teams/limits.ts';
import { idealTimes, limitsOf, windowsOf } from './ideal.ts';

const now = (count: number) => Array.from({ length: count }, () => 0);

test('the ideal is what can be worked out by hand', () => {
  const windows = windowsOf('7/1,8/2,60/30');
  // 7 at once, the eighth after a second, the ninth when the first 2-second window has passed.
  expect(idealTimes([now(9)], windows, [])).toEqual([...now(7), 1_000, 2_000]);
  expect(idealTimes([now(61)], windows, []).at(-1)).toBe(30_000);
});

test('the ideal shares the tenant’s windows among the channels, and waits for what is not there yet', () => {
  const free = windowsOf('100/1');
  expect(idealTimes([now(2), now(3)], free, windowsOf('2/1'))).toEqual([0, 0, 1_000, 1_000, 2_000]);
  expect(idealTimes([[0, 5, 5]], windowsOf('1/0.01'), [])).toEqual([0, 10, 20]);
});

test.each(['7/1,8/2,60/30,1800/3600', '7/0.1,8/0.2,60/3'])(
  'the simulator takes every call of the ideal for %s, and none a moment earlier',
  (setting) => {
    let at = 0;
    const limits = new Limits(() => at, true);
    limits.enforce({ send: limitsOf(setting) });
    const times = idealTimes([now(300)], windowsOf(setting), []);
    const wrong = times.filter((due) => {
      const before = at;
      at = Math.max(before, due - 0.001);
      const couldGoEarlier = at < due && limits.spend('send', 'a') === 0;
      at = due;
      return limits.spend('send', 'a') !== 0 || couldGoEarlier;
    });
    expect(times).toHaveLength(300);
    expect(wrong).toEqual([]);
  },
);
