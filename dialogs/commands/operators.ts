import { conversationHere, firstMentioned, type Runs } from './command.ts';

/** Who answers: links to the channel's operators, and whose a conversation is. */
export const operators: Runs<
  'operatorLink' | 'operatorUnlink' | 'operatorAssign' | 'operatorUnassign' | 'operatorOn' | 'operatorOff'
> = {
  async operatorLink({ operatorId }, { tools, facts: { deskId, person }, say }) {
    if (!operatorId) return say('answer.needsOperatorId');
    const link = await tools.desk.operators.link(deskId, person, operatorId);
    return say('answer.linked', { person: person.name, operator: link.operatorName ?? link.operatorId });
  },

  async operatorUnlink(_command, { tools, facts: { deskId, person }, say }) {
    return say((await tools.desk.operators.unlink(deskId, person)) ? 'answer.unlinked' : 'answer.wasNotLinked');
  },

  async operatorOn(_command, { tools, facts: { deskId, person }, say }) {
    const rule = await tools.desk.duty.turnOn(deskId, person);
    return say(rule === 'off' ? 'answer.operatorOnUnused' : 'answer.operatorOn', { name: person.name });
  },

  async operatorOff(_command, { tools, facts: { deskId, person }, say }) {
    const was = await tools.desk.duty.turnOff(deskId, person);
    return say(was ? 'answer.operatorOff' : 'answer.operatorWasOff', { name: person.name });
  },

  async operatorAssign(_command, turn) {
    const conversation = await conversationHere(turn);
    const assignee = (await firstMentioned(turn)) ?? turn.facts.person;
    await turn.tools.desk.operators.assign(conversation, assignee);
    return turn.say('answer.assigned', { name: assignee.name });
  },

  async operatorUnassign(_command, turn) {
    await turn.tools.desk.operators.unassign(await conversationHere(turn));
    return turn.say('answer.unassigned');
  },
};
