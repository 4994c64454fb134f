import { Recent } from '../../../src/desk/recent.ts';

test('the last keys that were set are remembered, and the oldest one goes', () => {
  const recent = new Recent<number>(2);
  recent.set('a', 1);
  recent.set('b', 2);
  recent.set('a', 3);
  recent.set('c', 4);
  expect([recent.get('a'), recent.get('b'), recent.get('c')]).toEqual([3, undefined, 4]);
});

test('what was deleted is not remembered', () => {
  const recent = new Recent<number>();
  recent.set('a', 1);
  recent.delete('a');
  expect(recent.get('a')).toBeUndefined();
});
