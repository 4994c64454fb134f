import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CryptoKey, JWK } from 'jose';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { Answer } from './http.ts';
import { sendAnswer } from './http.ts';

export interface TokenClaims {
  /** The bot's app id. */
  aud: string;
  /** Must equal the serviceUrl of the activity. */
  serviceurl: string;
  /** Default: the issuer of the Bot Framework. */
  iss?: string;
  /** Unix seconds; default: in ten minutes. */
  exp?: number;
  nbf?: number;
  /** More claims, `tid` for one. */
  [claim: string]: unknown;
}

export interface OpenIdProvider {
  /** For `ToBotFromChannelOpenIdMetadataUrl`. */
  metadataUrl: string;
  /** For `ToBotFromChannelTokenIssuer`. */
  issuer: string;
  /** A token as the Bot Connector sends it (RS256). */
  issue(claims: TokenClaims): Promise<string>;
  /** The same claims under the same key id, signed with a key that nobody published. */
  forge(claims: TokenClaims): Promise<string>;
  /** For `SimulatorOptions.authorization`: an honest header for each activity. */
  authorization(audience: string, serviceUrl: string): Promise<string>;
  close(): Promise<void>;
}

const keyId = 'test-key-1';
const defaultIssuer = 'https://api.botframework.com';

/** A local OpenID provider in the place of login.botframework.com, over http on a free port of 127.0.0.1. */
export async function startOpenId({ issuer = defaultIssuer }: { issuer?: string } = {}): Promise<OpenIdProvider> {
  const [own, stranger] = await Promise.all([generateKeyPair('RS256'), generateKeyPair('RS256')]);
  const published: JWK & { endorsements: string[] } = {
    ...(await exportJWK(own.publicKey)),
    kid: keyId,
    use: 'sig',
    alg: 'RS256',
    endorsements: ['msteams'],
  };
  const server = createServer((request, response) =>
    sendAnswer(response, documents[request.url ?? ''] ?? { status: 404 }),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const documents: Record<string, Answer> = {
    '/.well-known/openidconfiguration': {
      status: 200,
      body: {
        issuer,
        authorization_endpoint: 'https://invalid.botframework.com',
        jwks_uri: `${url}/.well-known/keys`,
        id_token_signing_alg_values_supported: ['RS256'],
        token_endpoint_auth_methods_supported: ['private_key_jwt'],
      },
    },
    '/.well-known/keys': { status: 200, body: { keys: [published] } },
  };
  const issue = (claims: TokenClaims) => signed(claims, own.privateKey, issuer);
  return {
    metadataUrl: `${url}/.well-known/openidconfiguration`,
    issuer,
    issue,
    forge: (claims) => signed(claims, stranger.privateKey, issuer),
    authorization: async (aud, serviceurl) => `Bearer ${await issue({ aud, serviceurl })}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function signed({ iss, exp, nbf, ...claims }: TokenClaims, key: CryptoKey, issuer: string): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'RS256', kid: keyId, typ: 'JWT' })
    .setIssuer(iss ?? issuer)
    .setNotBefore(nbf ?? now - 60)
    .setExpirationTime(exp ?? now + 600)
    .sign(key);
}
