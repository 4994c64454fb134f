import type { ChatStatus, CustomerEvent, CustomerMessage, SimulatorState } from '../state.ts';
import { post } from './api.ts';
import { composer } from './composer.ts';
import { customerName, operatorName, shownCustomer, state } from './current.ts';
import { h, onChange, type Piece, setText, setValue } from './dom.ts';
import { karteValues } from './karteValues.ts';
import { t, timeText } from './language.ts';
import { attempt } from './notices.ts';

const statuses: ChatStatus[] = ['open', 'waiting', 'closed'];

/** KARTE's own screen, small: an operator answers there, assigns, sets the status; and what the project's values are. */
export function karteConsole(): Piece<SimulatorState> {
  const summary = h('summary');
  const who = h('p', { class: 'quiet' });
  const assigneeLabel = h('label', { for: 'karte-assignee' });
  const assignee = h('select', { id: 'karte-assignee', 'data-testid': 'karte-assignee', onchange: assign });
  const statusLabel = h('label', { for: 'karte-status' });
  const status = h('select', { id: 'karte-status', 'data-testid': 'karte-status', onchange: changeStatus });
  const senderLabel = h('label', { for: 'karte-sender' });
  const sender = h('select', { id: 'karte-sender', 'data-testid': 'karte-sender' });
  const write = composer({ name: 'karte', label: () => t('karteWrites'), placeholder: () => t('karteWrites'), send });
  const recent = h('ul', { class: 'karte-recent' });
  const values = karteValues();
  const element = h(
    'details',
    { class: 'karte', 'data-testid': 'karte-console' },
    summary,
    h(
      'div',
      { class: 'karte-body' },
      who,
      h('div', { class: 'fields' }, assigneeLabel, assignee, statusLabel, status, senderLabel, sender),
      write.element,
      recent,
      values.element,
    ),
  );

  const onCustomer = async (path: string, body: Record<string, unknown>): Promise<boolean> => {
    const customer = shownCustomer(state());
    if (!customer) return false;
    return (await attempt(() => post(path, { customerId: customer.id, ...body }))) !== undefined;
  };

  function assign(): Promise<boolean> {
    return onCustomer('karte/assign', { operatorId: assignee.value === '' ? null : assignee.value });
  }

  function changeStatus(): Promise<boolean> {
    return onCustomer('karte/status', { status: status.value });
  }

  function send({ text }: { text: string }): Promise<boolean> {
    return onCustomer('karte/messages', { operatorId: sender.value, text });
  }

  const drawChoices = onChange<SimulatorState>(
    (now) => JSON.stringify([t('unassigned'), now.project.operators, now.project.botName]),
    ({ project }) => {
      const operators = () => project.operators.map(({ id, name }) => h('option', { value: id }, name));
      const bot = h('option', { value: project.botId }, project.botName);
      const chosen = sender.value;
      assignee.replaceChildren(h('option', { value: '' }, t('unassigned')), ...operators(), bot);
      sender.replaceChildren(...operators());
      if (chosen !== '') sender.value = chosen;
      status.replaceChildren(...statuses.map((name) => h('option', { value: name }, t(`status_${name}`))));
    },
  );

  const drawRecent = onChange<SimulatorState>(
    (now) => JSON.stringify([t('noteLabel'), hidden(now)]),
    (now) =>
      recent.replaceChildren(
        ...hidden(now).map((entry) => h('li', {}, h('time', {}, timeText(entry.at)), ` ${entry.text}`)),
      ),
  );

  return {
    element,
    update(now) {
      const customer = shownCustomer(now);
      setText(summary, t('karteConsole'));
      setText(who, customer ? t('karteFor', { name: customerName(customer) }) : t('karteForNobody'));
      setText(assigneeLabel, t('assignee'));
      setText(statusLabel, t('chatStatus'));
      setText(senderLabel, t('answersAs'));
      drawChoices(now);
      drawRecent(now);
      setValue(assignee, customer?.assignee?.id ?? '');
      setValue(status, customer?.status ?? 'open');
      for (const field of [assignee, status, sender]) field.disabled = !customer;
      write.update();
      values.update(now);
    },
  };
}

/** The newest notes and events: what KARTE knows and the customer does not see. */
function hidden(now: SimulatorState): { at: string; text: string }[] {
  const customer = shownCustomer(now);
  const note = (message: CustomerMessage) => ({
    at: message.at,
    text: `${t('noteLabel')} ${message.senderName ?? operatorName(now, message.senderId ?? '')}: ${message.text}`,
  });
  const event = ({ at, event_name, values }: CustomerEvent) => ({
    at,
    text: `${t('eventLabel')} ${event_name} ${Object.keys(values).length > 0 ? JSON.stringify(values) : ''}`,
  });
  const notes = customer?.messages.filter((message) => message.from === 'note').map(note) ?? [];
  return [...notes, ...(customer?.events.map(event) ?? [])].sort((a, b) => a.at.localeCompare(b.at)).slice(-4);
}
