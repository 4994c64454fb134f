import { connectForm, connectTitle, dropInput } from '../../cards/connect.ts';
import type { Connection } from '../../src/desk/settings.ts';
import { speaker } from '../../src/text/text.ts';
import { connectDesk, roomsOf, type Typed } from '../connecting.ts';
import type { Tools } from '../facts.ts';
import { asAdmin, type Form, type FormTurn, lastWord, shown, type TaskAnswer } from './form.ts';

/** The channel whose form opens where the button names none: buttons of earlier releases. */
const FIRST = 'karte';

/** The form that connects a channel and keeps its secrets out of the Teams channel. Who may use it is checked when it opens and again when it is sent. */
export class ConnectForm implements Form {
  readonly #tools: Tools;

  constructor(tools: Tools) {
    this.#tools = tools;
  }

  open(turn: FormTurn, data: Record<string, unknown>): Promise<TaskAnswer> {
    return asAdmin(this.#tools, turn, () => this.#filledIn(turn, data));
  }

  async submit(
    turn: FormTurn,
    data: Record<string, unknown>,
    announce: (text: string) => Promise<void>,
  ): Promise<TaskAnswer> {
    const channel = this.#channelIn(data);
    const { form } = this.#tools.desk.directory.channel(channel);
    const typed: Record<string, string> = Object.fromEntries(
      [...form.fields.flatMap(({ id }) => [id, dropInput(id)]), 'room'].map((id) => {
        const value = data[id];
        return [id, typeof value === 'string' ? value.slice(0, 1_000) : ''];
      }),
    );
    const rooms = await roomsOf(this.#tools.desk, turn.deskId);
    const known = await this.#connectionIn(turn, data);
    const room = rooms.find(({ id }) => id === typed.room)?.id ?? known?.room ?? turn.room;
    const say = speaker(turn.locale);
    const where = { deskId: turn.deskId, room };
    const result = await connectDesk(this.#tools, say, where, turn.person.id, channel, typed, known);
    if (!result.done) return this.#filledIn(turn, data, result.problem, typed);
    await announce(result.lines.join('\n\n'));
    return lastWord(result.lines.join('\n\n'));
  }

  async #filledIn(turn: FormTurn, data: Record<string, unknown>, problem?: string, typed?: Typed): Promise<TaskAnswer> {
    const { desk } = this.#tools;
    const channel = this.#channelIn(data);
    const say = speaker(turn.locale);
    const connection = await this.#connectionIn(turn, data);
    const { form } = desk.directory.channel(channel);
    const rooms = await roomsOf(desk, turn.deskId);
    const room = connection?.room ?? turn.room;
    const asked = { channel, form, rooms, room, connection };
    return shown(connectTitle(channel, say), connectForm(asked, say, problem, typed), 'large');
  }

  #channelIn({ channel }: Record<string, unknown>): string {
    return typeof channel === 'string' && this.#tools.desk.directory.channels().includes(channel) ? channel : FIRST;
  }

  /** The connection that the button names, if it is one of this desk whose secrets are still kept: a button's data can be made up. */
  async #connectionIn({ deskId }: FormTurn, data: Record<string, unknown>): Promise<Connection | undefined> {
    const found = (await this.#tools.desk.connections.list(deskId)).find(({ id }) => id === data.connection);
    return found?.channel === this.#channelIn(data) && found.disconnectedAt === undefined ? found : undefined;
  }
}
