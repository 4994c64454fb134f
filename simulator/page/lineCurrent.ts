import type { LineAccount, LineCustomer, NewLineCustomer } from '../line/world.ts';
import type { SimulatorState } from '../state.ts';
import { part, post } from './api.ts';
import { state } from './current.ts';
import { attempt } from './notices.ts';
import { look, view } from './view.ts';

const names = ['斎藤 美咲', '藤田 悠', '岡本 結衣', '石井 拓海', '長谷川 凛', '前田 颯太', '村上 真央', '坂本 陸'];

/** The customer whose phone is shown; absent while there is none. */
export const shownLineCustomer = ({ line }: SimulatorState): LineCustomer | undefined =>
  line.customers.find(({ id }) => id === view().lineCustomerId) ?? line.customers.at(-1);

/** The account that the shown customer talks with. */
export const shownAccount = (now: SimulatorState): LineAccount | undefined => {
  const channelId = shownLineCustomer(now)?.channelId;
  return now.line.accounts.find((account) => account.channelId === channelId) ?? now.line.accounts[0];
};

/** Somebody new with LINE on the phone, who is shown then: not yet a friend, and one in the next moment. */
export async function addLineCustomer(): Promise<LineCustomer | undefined> {
  const { customers } = state().line;
  const taken = new Set(customers.map(({ name }) => name));
  const name = names.find((one) => !taken.has(one)) ?? `LINE ${customers.length + 1}`;
  const fresh: NewLineCustomer = { name, friendship: 'none' };
  const customer = await attempt(() => post<LineCustomer>('line/customers', fresh));
  if (!customer) return undefined;
  look({ lineCustomerId: customer.id });
  await befriend(customer, 'friend');
  return customer;
}

/** Adds the account as a friend, blocks it, or takes the block away. */
export async function befriend({ id }: LineCustomer, to: 'friend' | 'blocked'): Promise<void> {
  await attempt(() => post(`line/customers/${part(id)}/friendship`, { to }));
}

/** Sends one thing from the shown phone; when nobody is there yet, somebody comes first. */
export async function sendLine(body: { type: string; [property: string]: unknown }): Promise<boolean> {
  const customer = shownLineCustomer(state()) ?? (await addLineCustomer());
  if (!customer) return false;
  return (await attempt(() => post(`line/customers/${part(customer.id)}/messages`, body))) !== undefined;
}

/** A press on a button with a postback action. */
export async function sendPostback(data: string, displayText?: string): Promise<boolean> {
  const customer = shownLineCustomer(state());
  if (!customer) return false;
  const body = { data, ...(displayText ? { displayText } : {}) };
  return (await attempt(() => post(`line/customers/${part(customer.id)}/postback`, body))) !== undefined;
}
