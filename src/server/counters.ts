/** Numbers for the operator, in Prometheus' text format. */
export interface Counters {
  add(name: CounterName, amount?: number): void;
  request(route: string, status: number, seconds: number): void;
  text(gauges: Readonly<Record<string, number>>): string;
}

const help = {
  bytes_in: 'Bytes of object bodies received',
  bytes_out: 'Bytes of object bodies sent',
  objects_in: 'Objects received',
  objects_out: 'Objects sent',
  appends: 'Entries appended',
  conflicts: 'Compare-and-swaps lost',
  damaged: 'Objects found damaged or gone',
  limited: 'Requests refused for their rate',
} as const;
type CounterName = keyof typeof help;

export function createCounters(): Counters {
  const counters = new Map<CounterName, number>();
  const requests = new Map<string, { count: number; seconds: number }>();

  return {
    add: (name, amount = 1) => {
      counters.set(name, (counters.get(name) ?? 0) + amount);
    },
    request: (route, status, seconds) => {
      const labels = `route="${route}",status="${status}"`;
      const sum = requests.get(labels) ?? { count: 0, seconds: 0 };
      sum.count++;
      sum.seconds += seconds;
      requests.set(labels, sum);
    },
    text: (gauges) => {
      const lines: string[] = [];
      const counter = (name: string, about: string) =>
        lines.push(`# HELP holdfast_${name} ${about}`, `# TYPE holdfast_${name} counter`);
      for (const [name, about] of Object.entries(help)) {
        counter(`${name}_total`, about);
        lines.push(`holdfast_${name}_total ${counters.get(name as CounterName) ?? 0}`);
      }
      counter('requests_total', 'Requests answered');
      for (const [labels, { count }] of requests) lines.push(`holdfast_requests_total{${labels}} ${count}`);
      counter('request_seconds_total', 'Seconds spent on requests');
      for (const [labels, { seconds }] of requests) {
        lines.push(`holdfast_request_seconds_total{${labels}} ${seconds.toFixed(6)}`);
      }
      for (const [name, value] of Object.entries(gauges)) {
        lines.push(`# TYPE holdfast_${name} gauge`, `holdfast_${name} ${value}`);
      }
      return `${lines.join('\n')}\n`;
    },
  };
}
