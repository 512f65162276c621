/** The app's sign: two shores and what holds them together. */
export function Mark() {
  return (
    <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#0f6b66" />
      <path
        d="M10 7v18M22 7v18M10 16.5c4-3.5 8 3.5 12 0"
        fill="none"
        stroke="#fff"
        strokeWidth="3"
        strokeLinecap="round"
      />
    </svg>
  );
}
