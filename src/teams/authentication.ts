import { ConfigurationBotFrameworkAuthentication } from 'botbuilder';

type Sdk = ConfigurationBotFrameworkAuthentication;
type Factory = NonNullable<Awaited<ReturnType<Sdk['authenticateRequest']>>['connectorFactory']>;

/** The SDK insists on a client, and then hands it on without a look. */
const nothing = { create: async () => ({}) } as unknown as Factory;

/**
 * The SDK's authentication of what comes in, without the two HTTP clients that it builds for every turn: what goes out goes through our poster,
 * and nobody signs in. Building them takes longer than the rest of a turn.
 */
export class Authentication extends ConfigurationBotFrameworkAuthentication {
  override async authenticateRequest(
    ...request: Parameters<Sdk['authenticateRequest']>
  ): ReturnType<Sdk['authenticateRequest']> {
    return { ...(await super.authenticateRequest(...request)), connectorFactory: nothing };
  }

  override async createUserTokenClient(): ReturnType<Sdk['createUserTokenClient']> {
    return undefined as unknown as Awaited<ReturnType<Sdk['createUserTokenClient']>>;
  }
}
