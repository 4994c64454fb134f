import type { Customer, KarteOperator, Person, SimulatorState } from '../state.ts';
import { t } from './language.ts';
import { view } from './view.ts';

/** The newest state of the simulator, for handlers that run between two drawings. */
let held: SimulatorState | undefined;

export function hold(state: SimulatorState): void {
  held = state;
}

/** @throws before the first state arrived; nothing that calls it is on the page by then. */
export function state(): SimulatorState {
  if (!held) throw new Error('The simulator has not answered yet.');
  return held;
}

/** Those who can be played: members of the team, guests included. */
export const players = (now: SimulatorState): Person[] => now.people.filter((person) => person.member);

/** The person in whose name this browser writes. */
export function player(now: SimulatorState): Person {
  const people = players(now);
  const chosen = people.find((person) => person.id === view().personId) ?? people[0];
  if (!chosen) throw new Error('The simulated team has no members.');
  return chosen;
}

/** The customer who is shown; absent while there is none. */
export const shownCustomer = (now: SimulatorState): Customer | undefined =>
  now.customers.find((customer) => customer.id === view().customerId) ?? now.customers.at(-1);

/** The Teams channel that is shown. */
export function shownChannelId(now: SimulatorState): string {
  const alive = now.channels.filter((channel) => !channel.deleted);
  return (alive.find((channel) => channel.id === view().channelId) ?? alive[0])?.id ?? now.team.id;
}

export function customerName(customer: Customer): string {
  if (customer.name) return customer.name;
  if (customer.kind === 'member') return customer.user_id ?? customer.id;
  return t('visitorNamed', { id: customer.visitor_id.slice(-4) });
}

export const operatorName = (now: SimulatorState, id: string): string =>
  now.project.operators.find((operator: KarteOperator) => operator.id === id)?.name ??
  (id === now.project.botId ? now.project.botName : id);
