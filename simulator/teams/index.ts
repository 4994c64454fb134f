import type { Stage } from '../stage.ts';
import type { Call, Person, Post, TeamsChannel, Thread } from '../state.ts';
import { Connector } from './connector.ts';
import type { CourierOptions } from './courier.ts';
import { Courier } from './courier.ts';
import { Inbound } from './inbound.ts';
import { Lifecycle } from './lifecycle.ts';
import { Limits } from './limits.ts';
import { Team } from './team.ts';

export interface TeamsOptions extends CourierOptions {
  enforceLimits?: boolean;
  /** The limits' clock; a monotonic one of the process when absent. */
  now?: () => number;
  requireToken?: (header: string | undefined) => boolean;
}

/** The Teams side: its world (`team`), what people do in it, and the connector the bot calls. */
export function createTeams(stage: Stage, options: TeamsOptions) {
  const team = new Team(stage);
  const limits = new Limits(options.now ?? (() => performance.now()), options.enforceLimits ?? true);
  const courier = new Courier(stage, options);
  const inbound = new Inbound(stage, team, courier);
  const lifecycle = new Lifecycle(stage, team, courier, inbound);
  const connector = new Connector(stage, team, limits, options);
  return {
    team,
    connector,
    limits,
    serviceUrl: courier.serviceUrl,
    say: inbound.say.bind(inbound),
    edit: inbound.edit.bind(inbound),
    delete: inbound.delete.bind(inbound),
    undelete: inbound.undelete.bind(inbound),
    react: inbound.react.bind(inbound),
    click: inbound.click.bind(inbound),
    fetchTask: inbound.fetchTask.bind(inbound),
    submitTask: inbound.submitTask.bind(inbound),
    execute: inbound.execute.bind(inbound),
    /** Sends any activity as it is. */
    deliver: inbound.deliver.bind(inbound),
    /** Sends an activity of before once more. */
    redeliver: courier.redeliver.bind(courier),
    install: lifecycle.install.bind(lifecycle),
    uninstall: lifecycle.uninstall.bind(lifecycle),
    createChannel: lifecycle.createChannel.bind(lifecycle),
    renameChannel: lifecycle.renameChannel.bind(lifecycle),
    deleteChannel: lifecycle.deleteChannel.bind(lifecycle),
    addMember: lifecycle.addMember.bind(lifecycle),
    removeMember: lifecycle.removeMember.bind(lifecycle),
    person: (who: string): Person => team.person(who),
    channel: (which: string): TeamsChannel => team.channel(which),
    threads: (channel?: string): Thread[] => (channel === undefined ? stage.world.threads : team.threadsIn(channel)),
    /** All posts of the bot, oldest first. */
    botPosts: (): Post[] => stage.world.threads.flatMap(({ posts }) => posts).filter(({ fromBot }) => fromBot),
    /** Calls of the product to the connector, oldest first. */
    get calls(): Call[] {
      return stage.calls.filter(({ side }) => side === 'teams');
    },
  };
}

export type TeamsSide = ReturnType<typeof createTeams>;
