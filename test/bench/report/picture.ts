import type { Results } from '../results.ts';
import { comparable } from './comparable.ts';
import { medianOf, type Summary, summarise } from './summary.ts';

/** What the picture shows: a measure and what it is called there. */
const groups: readonly (readonly [measure: string, title: string])[] = [
  ['W1 up', 'One file of 2 GiB, up'],
  ['W1 down', 'One file of 2 GiB, down'],
  ['W2 up', '10,000 small files, up'],
  ['W2 down', '10,000 small files, down'],
  ['W3 up', 'A byte in front, 1 MiB changed, up'],
  ['W5 again', '100,000 files, nothing changed'],
];

const width = 760;
const labelWidth = 110;
const barWidth = 500;
const rowHeight = 20;
const groupGap = 34;

interface Bar {
  readonly peer: string;
  readonly seconds: number;
  readonly isEncrypted: boolean;
}

/** Bars of the median wall time, an SVG that can be read on light and on dark ground. */
export function picture(results: Results): string {
  const summary = summarise(comparable(results.samples));
  const parts: string[] = [];
  let y = 40;
  for (const [measure, title] of groups) {
    const bars = barsOf(results, summary, measure);
    if (bars.length < 2) continue;
    const longest = Math.max(...bars.map(({ seconds }) => seconds));
    parts.push(`<text class="title" x="16" y="${y}">${title}</text>`);
    y += 10;
    for (const { peer, seconds, isEncrypted } of bars) {
      const length = Math.max(2, (seconds / longest) * barWidth);
      const kind = peer === 'holdfast' ? 'ours' : isEncrypted ? 'other' : 'plain';
      const middle = y + rowHeight / 2 + 4;
      const end = 16 + labelWidth + length;
      parts.push(
        `<text x="${16 + labelWidth - 8}" y="${middle}" text-anchor="end">${peer}</text>`,
        `<rect class="${kind}" x="${16 + labelWidth}" y="${y + 3}" width="${length.toFixed(1)}" height="${rowHeight - 6}" rx="2"/>`,
        `<text class="value" x="${(end + 6).toFixed(1)}" y="${middle}">${secondsText(seconds)}</text>`,
      );
      y += rowHeight;
    }
    y += groupGap;
  }
  const { processor, cores, date } = results.machine;
  parts.push(
    `<text class="value" x="16" y="${y}">Median seconds of ${roundsText(results)}, less is better; grey outlines do not encrypt. ${cores} cores of ${escaped(processor)}, ${date}.</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y + 20}" role="img" aria-label="How long Holdfast and others take">
<style>${style}</style>
<rect class="ground" width="${width}" height="${y + 20}" rx="8"/>
${parts.join('\n')}
</svg>
`;
}

const style = `
.ground { fill: #ffffff }
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.title { font-weight: 600 }
.value { font-size: 12px; fill: #59636e }
.ours { fill: #0a7d62 }
.other { fill: #a5adb6 }
.plain { fill: none; stroke: #a5adb6; stroke-width: 1.5 }
@media (prefers-color-scheme: dark) {
  .ground { fill: #0d1117 }
  text { fill: #e6edf3 }
  .value { fill: #9198a1 }
  .ours { fill: #2fbf98 }
  .other { fill: #59636e }
  .plain { stroke: #59636e }
}
`;

function barsOf(results: Results, summary: Summary, measure: string): readonly Bar[] {
  const bars = Object.entries(results.peers).flatMap(([peer, { isEncrypted }]): Bar[] => {
    const direct = medianOf(summary, measure, peer, 'wallSeconds');
    return direct === null ? [] : [{ peer, seconds: direct, isEncrypted }];
  });
  return bars.toSorted((one, two) => one.seconds - two.seconds);
}

/** Of the contest that was repeated least. */
function roundsText(results: Results): string {
  const shown = comparable(results.samples).filter(({ measure }) => groups.some(([name]) => name === measure));
  const counts = [...Map.groupBy(shown, ({ measure, peer }) => `${measure} ${peer}`).values()].map((of) => of.length);
  const least = Math.min(...counts);
  return least === 1 ? 'one round' : `${least} rounds`;
}

const secondsText = (seconds: number): string => `${Number(seconds.toPrecision(seconds < 10 ? 2 : 3))} s`;

const escaped = (text: string): string => text.replace(/[<>&"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
