import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ResponseFault } from "../api/send.ts";
import { Panel } from "../ui/panel.tsx";

type CasePanelProps<T> = {
  readonly title: string;
  readonly query: UseQueryResult<T>;
  readonly children: (data: T) => ReactNode;
  readonly aside?: ReactNode;
};

/** A panel that is not shown if the person's company may not read its data. */
export function CasePanel<T>(props: CasePanelProps<T>) {
  const { error, data } = props.query;
  const isHidden = error instanceof ResponseFault && (error.status === 403 || error.status === 404);
  if (isHidden && data === undefined) return null;
  return <Panel {...props} />;
}
