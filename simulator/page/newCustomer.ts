import type { Customer, NewCustomer } from '../state.ts';
import { part, post } from './api.ts';
import { state } from './current.ts';
import { attempt } from './notices.ts';
import { look } from './view.ts';

const names = ['伊藤 さくら', '高橋 直樹', '小林 みなみ', '渡辺 大輔', '中村 葵', '加藤 翔', '吉田 陽子', '松本 蓮'];

/** Somebody new comes to the shop and is shown. Resolves with the customer, or undefined when the simulator refused. */
export async function addCustomer(kind: Customer['kind']): Promise<Customer | undefined> {
  const customer = await attempt(() => post<Customer>('customers', nextCustomer(kind)));
  if (customer) look({ customerId: customer.id });
  return customer;
}

/** A visitor logs in and is a member from now on. */
export async function logIn(customer: Customer): Promise<void> {
  const { user_id } = nextCustomer('member');
  await attempt(() => post<Customer>(`customers/${part(customer.id)}/identify`, { user_id }));
}

/** A nameless visitor, or a member with a number that nobody has yet. */
function nextCustomer(kind: Customer['kind']): NewCustomer {
  if (kind === 'visitor') return { kind };
  const taken = new Set(state().customers.map((customer) => customer.user_id));
  let number = 1001;
  while (taken.has(`member-${number}`)) number++;
  return { kind, user_id: `member-${number}`, name: names[(number - 1001) % names.length] };
}
