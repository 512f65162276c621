import { createHash, createHmac, randomBytes } from 'node:crypto';
import { toHex } from '../common/bytes.ts';
import type { Clock } from '../common/clock.ts';
import type { AccountId, DeviceId } from '../common/ids.ts';
import type { AccountChain } from '../crypto/account-chain.ts';
import { normalEmail, parseAccountRecord } from '../crypto/account-record.ts';
import { defaultKdf, hashKdf } from '../crypto/kdf.ts';
import { isLoginSigned } from '../crypto/login.ts';
import { signingKey } from '../crypto/sign.ts';
import { toBase64url } from '../wire/base64url.ts';
import { challengeLifetime } from '../wire/limits.ts';
import type { Kdf, LoginRequest } from '../wire/types.ts';
import type { LoadChain } from './account-chains.ts';
import { failure } from './failure.ts';
import type { MetadataStore } from './metadata-store.ts';
import { standingOf } from './standing.ts';

/** Who is asking. */
export interface Caller {
  readonly account: AccountId;
  /** Null while its key is not in the account chain. */
  readonly device: DeviceId | null;
  readonly devicePublic: Uint8Array;
  readonly tokenHash: Uint8Array;
  /** The session was opened by the account's password in the last few minutes. */
  readonly hasGivenPassword: boolean;
}

export interface Login {
  prelogin(email: string): Promise<{ account: AccountId; kdf: Kdf }>;
  challenge(): Uint8Array;
  /** `isOwnOrigin`: whether a URL origin is one of this server's. */
  login(request: LoginRequest, isOwnOrigin: (origin: string) => boolean): Promise<LoginResult>;
  /** Null: the token is of no session, an expired one, or a revoked device's. */
  authenticate(token: string): Promise<Caller | null>;
  logout(caller: Caller): Promise<void>;
}

interface LoginResult {
  readonly token: string;
  readonly account: AccountId;
  readonly device: DeviceId | null;
  readonly lifetime: number;
}

/** A device renews its session by its key. A session whose device has yet to be added lasts an hour. */
const deviceLifetime = 24 * 3_600_000;
const joiningLifetime = 3_600_000;
/** How long a password counts as just given. */
const passwordLifetime = 300_000;

const hashToken = (token: string): Uint8Array => new Uint8Array(createHash('sha256').update(token).digest());

/** Only the newest `maxChallenges` challenges are remembered. */
export function createLogin(
  metadata: MetadataStore,
  loadChain: LoadChain,
  clock: Clock,
  maxChallenges = 100_000,
): Login {
  const { accounts, sessions, secret } = metadata;
  const challenges = new Map<string, number>();
  /** Sessions opened by the password, and until when that counts. A restart forgets them. */
  const passwordGiven = new Map<string, number>();
  // Its private half is forgotten at once: verifying with it always fails, and takes as long as with any other.
  const nobody = signingKey(randomBytes(32)).publicKey;

  const derive = (name: string, email: string): Uint8Array =>
    new Uint8Array(createHmac('sha256', secret).update(`${name}\0${email}`).digest().subarray(0, 16));

  function takeChallenge(nonce: Uint8Array): boolean {
    const key = toHex(nonce);
    const expires = challenges.get(key);
    challenges.delete(key);
    return expires !== undefined && clock.monotonic() < expires;
  }

  /** The key that has to have signed, and what only the record says of the message. */
  async function expectation(request: LoginRequest, chain: AccountChain | null) {
    const signed = await accounts.record(request.account);
    const nothing = { key: nobody, email: null, kdfHash: null };
    if (signed === null || chain === null) return nothing;
    const standing = standingOf(chain, request.devicePublic);
    if (standing !== null && !standing.isLive) return nothing;
    const record = parseAccountRecord(signed.body);
    switch (request.method) {
      case 'password':
        return { key: record.passwordLogin, email: record.email, kdfHash: hashKdf(record.kdf) };
      case 'recovery':
        return { ...nothing, key: record.recoveryLogin };
      case 'device':
        return standing === null ? nothing : { ...nothing, key: request.devicePublic };
    }
  }

  function notePassword(tokenHash: Uint8Array): void {
    const now = clock.monotonic();
    for (const [key, until] of passwordGiven) {
      if (until > now) break;
      passwordGiven.delete(key);
    }
    passwordGiven.set(toHex(tokenHash), now + passwordLifetime);
  }

  return {
    prelogin: async (given) => {
      const email = normalEmail(given);
      // Made in any case, so that known and unknown addresses take the same time.
      const fake = {
        account: toHex(derive('account', email)) as AccountId,
        kdf: { ...defaultKdf, salt: derive('salt', email) },
      };
      const account = await accounts.byEmail(email);
      const signed = account === null ? null : await accounts.record(account);
      if (account === null || signed === null) return fake;
      return { account, kdf: parseAccountRecord(signed.body).kdf };
    },
    challenge: () => {
      const now = clock.monotonic();
      for (const [nonce, expires] of challenges) {
        if (expires > now && challenges.size < maxChallenges) break;
        challenges.delete(nonce);
      }
      const nonce = new Uint8Array(randomBytes(32));
      challenges.set(toHex(nonce), now + challengeLifetime);
      return nonce;
    },
    login: async (request, isOwnOrigin) => {
      if (!isOwnOrigin(request.origin)) {
        throw failure(
          'refused',
          'origin',
          'This server does not know the address you used for it; whoever runs it has to add that address.',
        );
      }
      const isFresh = takeChallenge(request.serverNonce);
      const chain = await loadChain(request.account);
      const { key, email, kdfHash } = await expectation(request, chain);
      const { signature, ...said } = request;
      const isSigned = isLoginSigned({ ...said, email, kdfHash }, signature, key);
      if (!isFresh || !isSigned || chain === null) {
        throw failure('refused', 'login', 'Signing in failed: the e-mail address, password or key is not right.');
      }
      const device = standingOf(chain, request.devicePublic)?.device ?? null;
      const lifetime = device === null ? joiningLifetime : deviceLifetime;
      const token = toBase64url(randomBytes(32));
      const { account, devicePublic, method } = request;
      const tokenHash = hashToken(token);
      await sessions.put({ tokenHash, account, devicePublic, expires: clock.now() + lifetime });
      if (method === 'password') notePassword(tokenHash);
      return { token, account, device, lifetime };
    },
    authenticate: async (token) => {
      const tokenHash = hashToken(token);
      const session = await sessions.find(tokenHash);
      if (session === null) return null;
      const left = session.expires - clock.now();
      // Far longer than any is given for: the clock was set back since, and it would last until that time comes again.
      if (left <= 0 || left > 2 * deviceLifetime) return null;
      const { account, devicePublic } = session;
      const chain = await loadChain(account);
      if (chain === null) return null;
      const standing = standingOf(chain, devicePublic);
      if (standing !== null && !standing.isLive) return null;
      const hasGivenPassword = (passwordGiven.get(toHex(tokenHash)) ?? Number.NEGATIVE_INFINITY) > clock.monotonic();
      return { account, device: standing?.device ?? null, devicePublic, tokenHash, hasGivenPassword };
    },
    logout: ({ tokenHash }) => sessions.remove(tokenHash),
  };
}
