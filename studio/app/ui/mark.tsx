/** The mark of the product; the same drawing as `public/icon.svg`. */
export function Mark({ className = 'size-6' }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" className={className} aria-hidden="true">
      <rect width="32" height="32" rx="7" className="fill-accent-fill" />
      <path
        d="M8.5 11.5 14 16l-5.5 4.5M16.5 21h7"
        fill="none"
        className="stroke-white"
        strokeWidth="2.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  )
}
