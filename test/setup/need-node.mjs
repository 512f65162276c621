/**
 * Plain JavaScript on purpose: it must still run, and say what is wrong, on a Node that is too old for the rest.
 * Runs before `npm test` and as vitest's global setup.
 */
export default function needNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= 24) return;
  process.stderr.write(
    `Holdfast needs Node 24 or newer; this is ${process.version} (${process.execPath}).\n` +
      'Run `npm install --ignore-scripts && npm rebuild node`: it puts Node 24 into node_modules/.bin, which npm and npx use.\n',
  );
  process.exit(1);
}

needNode();
