/** Resolves at the first SIGTERM or SIGINT; a second one ends the process as usual. */
export function untilSignal(): { readonly signalled: Promise<void>; release(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const onSignal = (): void => {
    release();
    resolve();
  };
  const release = (): void => {
    process.off('SIGTERM', onSignal);
    process.off('SIGINT', onSignal);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  return { signalled: promise, release };
}
