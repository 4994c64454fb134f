/** Something the desk itself has to say in a customer's thread. */
export type Notice =
  /** A visitor has signed in at the company's site: the conversation goes on under their user id. */
  | { kind: 'becameMember'; userId: string }
  /** The conversation goes on in another thread (`to`), in the Teams channel of this name; without one in General. */
  | { kind: 'movedAway'; to: string; room?: string; by: string };
