import { printable } from '../common/printable.ts';
import { type Define, flag, withService } from './command.ts';
import { exitCode } from './exit-code.ts';
import { bytesText, countText } from './format.ts';
import { chosenPair, pairOption } from './place.ts';

export const define: Define = (command, run) => {
  pairOption(command).option('--deep', 'fetch and decrypt every object, instead of only asking whether it is there');
  run(async (invocation, options) => {
    const input = { pair: chosenPair(invocation, options), isDeep: flag(options, 'deep') };
    const report = await withService(invocation, (service) => service.verify(input));
    invocation.output.result(report, () => {
      const seen =
        `${countText(report.nodes, 'file and folder', 'files and folders')}, ` +
        `${countText(report.revisions, 'version')}, ${countText(report.objects, 'object')}, ${bytesText(report.bytes)}`;
      const isThere = input.isDeep ? 'Everything is there and authentic' : 'The server says that everything is there';
      if (report.problems.length === 0) return `${isThere}: ${seen}.`;
      const problems = report.problems.map(({ path, problem }) => `  ${printable(path)}: ${printable(problem)}`);
      return [`${countText(report.problems.length, 'problem')} in ${seen}:`, ...problems, whatToDo].join('\n');
    });
    return report.problems.length > 0 ? exitCode.attention : exitCode.done;
  });
};

const whatToDo =
  'Nothing was changed. Keep what you have of these files, put a copy elsewhere, and tell whoever runs the server.';
