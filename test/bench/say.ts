/** A line for the person who waits; results go to stdout, this does not. */
export const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};
