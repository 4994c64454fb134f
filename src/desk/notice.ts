/** Something the desk itself has to say in a customer's thread. */
export type Notice =
  /** A visitor has signed in at the company's site: the conversation goes on under their user id. */
  { kind: 'becameMember'; userId: string };
