// @ts-check
/**
 * Where Node is too old, says so and ends. Plain JavaScript, without anything new: it must still run where the rest does not.
 */
export function needNode() {
  const least = 24;
  if (Number.parseInt(process.versions.node, 10) >= least) return;
  process.stderr.write(
    `Holdfast needs Node ${least} or newer; this is ${process.versions.node} (${process.execPath}).\n` +
      'In its repository, `npm install --ignore-scripts && npm rebuild node` puts one into node_modules/.bin, which npm and npx use.\n',
  );
  process.exit(1);
}
