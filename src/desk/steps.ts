/**
 * The steps of a delivery at which a process may die, in the order of a message's way. A test ends the process at each of them; whatever
 * adds a write or a call to that way adds a name here.
 */
export const STEPS = [
  'intake.received',
  'member.claimed',
  'member.joined',
  'member.told',
  'intake.stored',
  'lane.taken',
  'thread.claimed',
  'thread.made',
  'thread.noted',
  'thread.stored',
  'post.begins',
  'post.made',
  'claim.stored',
  'send.begins',
  'send.made',
  'look.made',
  'unsent.hidden',
  'notice.stored',
  'move.begun',
  'move.marked',
  'move.forwarded',
  'move.passed',
  'move.arrived',
  'move.told',
  'outcome.stored',
  'lane.left',
] as const;

/** One of {@link STEPS}. */
export type Step = (typeof STEPS)[number];
