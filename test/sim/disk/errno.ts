/** An error as Node makes it of what the system says. */
export const errno = (code: string, call: string, path = ''): Error & { code: string } =>
  Object.assign(new Error(`${code}: ${call} '${path}'`), { code });
