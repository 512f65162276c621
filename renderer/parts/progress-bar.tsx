import { Progress } from '@base-ui/react/progress';
import css from './progress-bar.module.css';

interface ProgressBarProps {
  readonly label: string;
  /** Between 0 and 1; null while nothing is known of the end. */
  readonly value: number | null;
}

export function ProgressBar({ label, value }: ProgressBarProps) {
  return (
    <Progress.Root aria-label={label} value={value === null ? null : Math.round(value * 100)}>
      <Progress.Track className={css.track}>
        <Progress.Indicator className={css.bar} />
      </Progress.Track>
    </Progress.Root>
  );
}
