/** Explains the shapes of the picture in words. */
export function Legend() {
  return (
    <ul className="legend" aria-label="Shapes of the picture">
      <li>
        <svg width="22" height="12" aria-hidden="true">
          <rect className="counted" y="1" width="22" height="10" />
        </svg>
        counted
      </li>
      <li>
        <svg width="22" height="12" aria-hidden="true">
          <path className="hatch" d="M0 11L10 1M6 11L16 1M12 11L22 1" />
          <rect className="life-edge" x="0.5" y="1" width="21" height="10" />
        </svg>
        paused
      </li>
      <li>
        <svg width="22" height="12" aria-hidden="true">
          <line className="closed" x1="0" x2="22" y1="6" y2="6" />
        </svg>
        closed hours
      </li>
      <li>
        <svg width="14" height="12" aria-hidden="true">
          <path className="warning" d="M7 0l5 10h-10z" />
        </svg>
        warning
      </li>
      <li>
        <svg width="16" height="16" aria-hidden="true" className="breach">
          <circle cx="8" cy="8" r="7" />
          <path d="M5 5l6 6m0 -6l-6 6" />
        </svg>
        breach
      </li>
      <li>
        <svg width="22" height="14" aria-hidden="true">
          <line className="remaining" x1="0" x2="16" y1="7" y2="7" />
          <path className="target" d="M16 1v12m-3 0h6m-6 -12h6" />
        </svg>
        time left, and the deadline
      </li>
      <li>
        <svg width="22" height="12" aria-hidden="true" className="provisional">
          <rect className="life-edge" x="0.5" y="1" width="21" height="10" />
        </svg>
        provisional: not confirmed by a clock event
      </li>
    </ul>
  );
}
