// @ts-check
/**
 * Where Node is too old, says so and ends. Plain JavaScript, without anything new: it must still run where the rest does not.
 */
export function needNode() {
  // Before 24.2 a file of Windows is on another disk by its handle than by its name: none would ever seem to stay as it was.
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 24 || (major === 24 && minor >= 2)) return;
  process.stderr.write(
    `Holdfast needs Node 24.2 or newer; this is ${process.versions.node} (${process.execPath}).\n` +
      'In its repository, `npm install --ignore-scripts && npm rebuild node` puts one into node_modules/.bin, which npm and npx use.\n',
  );
  process.exit(1);
}
