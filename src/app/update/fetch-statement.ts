import { securityError } from '../../common/errors.ts';
import { maxSignedUpdateLength } from '../../crypto/update-statement.ts';

/** How long the feed's host may take, in milliseconds. */
const patience = 60_000;

/** The bytes at the address, which has to hold a statement: no more of them, and from no other place. */
export async function fetchStatement(address: URL, fetcher: typeof fetch): Promise<Uint8Array> {
  const answer = await fetcher(address.href, {
    redirect: 'error',
    cache: 'no-store',
    credentials: 'omit',
    signal: AbortSignal.timeout(patience),
  });
  if (!answer.ok || answer.body === null) throw new Error(`the feed has no statement: ${answer.status}`);
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of answer.body as AsyncIterable<Uint8Array>) {
    length += piece.length;
    if (length > maxSignedUpdateLength) throw securityError('E_LIMIT', 'The statement is larger than any is.');
    pieces.push(piece);
  }
  return new Uint8Array(Buffer.concat(pieces));
}
