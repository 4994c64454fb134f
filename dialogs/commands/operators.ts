import { conversationHere, firstMentioned, type Runs } from './command.ts';

/** Who answers: links to the channel's operators, and whose a conversation is. */
export const operators: Runs<'operatorLink' | 'operatorUnlink' | 'operatorAssign' | 'operatorUnassign'> = {
  async operatorLink({ operatorId }, { tools, facts: { deskId, person }, say }) {
    if (!operatorId) return say('answer.needsOperatorId');
    const link = await tools.desk.operators.link(deskId, person, operatorId);
    return say('answer.linked', { person: person.name, operator: link.operatorName ?? link.operatorId });
  },

  async operatorUnlink(_command, { tools, facts: { deskId, person }, say }) {
    return say((await tools.desk.operators.unlink(deskId, person)) ? 'answer.unlinked' : 'answer.wasNotLinked');
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
