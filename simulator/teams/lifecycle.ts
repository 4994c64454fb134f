import type { Stage } from '../stage.ts';
import type { Person, TeamsChannel } from '../state.ts';
import type { Activity } from './activities.ts';
import { baseActivity, eventData, timesOf } from './activities.ts';
import type { Courier } from './courier.ts';
import type { Done, Inbound } from './inbound.ts';
import type { Team } from './team.ts';

type Who = string | Person;

/** What happens to the team as a whole: the app comes and goes, Teams channels and people too. */
export class Lifecycle {
  readonly #stage: Stage;
  readonly #team: Team;
  readonly #courier: Courier;
  readonly #inbound: Inbound;

  constructor(stage: Stage, team: Team, courier: Courier, inbound: Inbound) {
    this.#stage = stage;
    this.#team = team;
    this.#courier = courier;
    this.#inbound = inbound;
  }

  /** Somebody (the owner by default) adds the app to the team: the bot gets both events, as from Teams. */
  install(who?: Who): Done[] {
    this.#stage.world.bot.installed = true;
    this.#stage.changed();
    return [this.#installation('add', who), this.#botMembership('membersAdded', 'teamMemberAdded', who)];
  }

  /** Somebody removes the app: the last two activities the bot gets; from now on the connector answers 403. */
  uninstall(who?: Who): Done[] {
    const last = [this.#installation('remove', who), this.#botMembership('membersRemoved', 'teamMemberRemoved', who)];
    this.#stage.world.bot.installed = false;
    this.#stage.changed();
    return last;
  }

  createChannel(name: string): Done & { channel: TeamsChannel } {
    const channel = this.#team.addChannel(name);
    return { channel, ...this.#update('channelCreated', {}, channel) };
  }

  renameChannel(which: string | TeamsChannel, name: string): Done {
    const channel = this.#team.channel(which);
    channel.name = name;
    this.#stage.changed();
    return this.#update('channelRenamed', {}, channel);
  }

  /** The Teams channel goes: calls to it are answered with 404. */
  deleteChannel(which: string | TeamsChannel): Done {
    const channel = this.#team.channel(which);
    channel.deleted = true;
    this.#stage.changed();
    return this.#update('channelDeleted', {}, channel);
  }

  /** Somebody known becomes a member of the team. */
  addMember(who: Who): Done {
    return this.#setMember(who, true, 'teamMemberAdded', 'membersAdded');
  }

  /** Somebody leaves the team: not in the roster any more. */
  removeMember(who: Who): Done {
    return this.#setMember(who, false, 'teamMemberRemoved', 'membersRemoved');
  }

  #setMember(who: Who, member: boolean, eventType: string, field: string): Done {
    const person = this.#team.person(who);
    person.member = member;
    this.#stage.changed();
    const { id, aadObjectId } = person;
    return this.#update(eventType, { [field]: [{ id, aadObjectId }] });
  }

  #installation(action: 'add' | 'remove', who?: Who): Done {
    return this.#inbound.deliver({ ...this.#event(who), type: 'installationUpdate', action });
  }

  #botMembership(field: string, eventType: string, who?: Who): Done {
    return this.#update(eventType, { [field]: [{ id: this.#stage.world.bot.id }] }, undefined, who);
  }

  #update(eventType: string, content: object, channel?: TeamsChannel, who?: Who): Done {
    if (!this.#stage.world.bot.installed)
      return { answered: Promise.resolve(undefined), settled: Promise.resolve(undefined) };
    const channelData = eventData(this.#stage.world, eventType, channel);
    return this.#inbound.deliver({ ...this.#event(who), type: 'conversationUpdate', ...content, channelData });
  }

  #event(who?: Who): Activity {
    const { world } = this.#stage;
    const owner = world.people.find((person) => person.owner);
    const person = this.#team.person(who ?? owner ?? '');
    const base = baseActivity(world, this.#courier.serviceUrl, person, world.team.id, world.team.id);
    const { team, tenantId } = world;
    const channelData = { settings: { selectedChannel: { id: team.id } }, team: { ...team }, tenant: { id: tenantId } };
    return {
      type: 'event',
      id: this.#stage.nextId(),
      ...timesOf(this.#stage.world, this.#stage.now()),
      ...base,
      channelData,
    };
  }
}
