/** Why a password is refused at sign-up, as a sentence; null if it will do. A server that is broken into can guess offline: this keeps out what is guessed first. */
export function passwordFault(_password: string, _email: string): string | null {
  throw new Error('not yet');
}
