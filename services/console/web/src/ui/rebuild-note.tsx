/** Says that the console still reads its events, so that a list can lack rows. */
export function RebuildNote({ asOf }: { readonly asOf: { readonly state: string } | undefined }) {
  if (asOf?.state !== "rebuilding") return null;
  return (
    <p className="banner warning" role="status">
      Crossline reads its events again at the moment. Until it has read all of them, some rows are missing.
    </p>
  );
}
