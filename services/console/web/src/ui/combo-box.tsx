import { type InputHTMLAttributes, type KeyboardEvent, type ReactNode, type RefObject, useId, useState } from "react";

type ComboBoxProps<T> = {
  readonly label: string;
  readonly listLabel: string;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly options: readonly T[];
  readonly keyOf: (option: T) => string;
  readonly onChoose: (option: T) => void;
  readonly isOpen: boolean;
  /** The sentence that replaces an empty list. */
  readonly empty: string;
  readonly field: RefObject<HTMLInputElement | null>;
  readonly more?: InputHTMLAttributes<HTMLInputElement>;
  readonly children: (option: T) => ReactNode;
};

/** Shows a field with a list of options (the combobox of ARIA 1.2). The arrow keys move the choice, and Enter takes the chosen option. */
export function ComboBox<T>({ options, onChoose, onText, field, ...shown }: ComboBoxProps<T>) {
  const id = useId();
  const [chosen, setChosen] = useState(0);
  const index = Math.min(chosen, options.length - 1);
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const option = options[index];
    if (option === undefined || (step === undefined && event.key !== "Enter")) return;
    event.preventDefault();
    if (step === undefined) onChoose(option);
    else setChosen((index + step + options.length) % options.length);
  };
  return (
    <>
      <input
        ref={field}
        {...shown.more}
        role="combobox"
        aria-label={shown.label}
        aria-expanded={shown.isOpen}
        aria-controls={id}
        aria-activedescendant={index < 0 ? undefined : `${id}-${index}`}
        autoComplete="off"
        value={shown.text}
        onChange={({ target }) => {
          onText(target.value);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ul id={id} role="listbox" aria-label={shown.listLabel} hidden={!shown.isOpen}>
        {options.map((option, place) => (
          <li
            key={shown.keyOf(option)}
            id={`${id}-${place}`}
            role="option"
            aria-selected={place === index}
            onPointerDown={() => onChoose(option)}
          >
            {shown.children(option)}
          </li>
        ))}
        {options.length === 0 && (
          <li role="option" aria-selected="false" aria-disabled="true">
            {shown.empty}
          </li>
        )}
      </ul>
    </>
  );
}
