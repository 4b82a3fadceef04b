import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSync } from "oxc-parser";
import type { Passage } from "./passage.ts";
import { passagesOf, repositoryFiles, root } from "./passages.ts";
import { sentencesOf, withoutCode, wordCount } from "./sentences.ts";
import { wordList } from "./word-list.ts";

const longestSentence = 25;
const longestCell = 160;

/** A place whose text breaks a rule in docs/style.md. */
export type WordFinding = { readonly rule: WordRule; readonly place: string; readonly text: string };
type WordRule = "word" | "length" | "cell" | "wrap" | "reference" | "docstring" | "participle";

/** Finds each place in the given files that breaks a rule. */
export function findingsIn(files: readonly string[]): WordFinding[] {
  const all = repositoryFiles();
  return files.flatMap((file) => [
    ...passagesOf(file).flatMap((passage) => passageFindings(passage, all)),
    ...(/\.tsx?$/.test(file) ? declarationFindings(file, readFileSync(join(root, file), "utf8")) : []),
  ]);
}

/** Finds each violation of a rule in one passage. `all` contains the files of the repository. */
export function passageFindings(passage: Passage, all: readonly string[]): WordFinding[] {
  const found = (rule: WordRule, text: string): WordFinding => ({
    rule,
    place: `${passage.file}:${passage.line}`,
    text,
  });
  const sentences = sentencesOf(passage.text);
  return [
    // The glossary itself lists wrong words after "Not", so the check skips these sentences.
    ...sentences
      .filter((sentence) => passage.file !== "docs/glossary.md" || !sentence.startsWith("Not: "))
      .flatMap((sentence) =>
        wordList.flatMap(({ words, instead, inProse = false }) => {
          if (inProse && (passage.kind === "heading" || passage.kind === "cell")) return [];
          const hit = words.exec(withoutCode(sentence))?.[0];
          return hit === undefined ? [] : [found("word", `"${hit}" → ${instead}: ${sentence}`)];
        }),
      ),
    ...sentences
      .filter((sentence) => wordCount(sentence) > longestSentence)
      .map((sentence) => found("length", `${wordCount(sentence)} words: ${sentence}`)),
    ...(passage.kind === "cell" && passage.text.length > longestCell ? [found("cell", passage.text)] : []),
    ...(passage.kind === "paragraph" && passage.text.includes("\n") ? [found("wrap", passage.text)] : []),
    ...(passage.kind === "comment" || passage.kind === "docstring"
      ? deadReferences(passage, all).map((name) => found("reference", name))
      : []),
  ];
}

/** Returns the files and folders that a comment cites and that do not exist in the repository. */
function deadReferences({ text }: Passage, all: readonly string[]): string[] {
  const names = [
    ...text.matchAll(/(?<![\w./*<-])[\w./-]*\w\.(?:md|ts|sql|ya?ml)\b/g),
    ...text.matchAll(/(?<![\w./*<-])(?:packages|services|docs|infra)\/[\w./-]*\w(?![\w/*<])/g),
  ].map(([name]) => name.replace(/^(?:\.{0,2}\/)+/, ""));
  const exists = (name: string): boolean =>
    all.some((file) => file === name || file.endsWith(`/${name}`) || file.startsWith(`${name}/`));
  return [...new Set(names)].filter((name) => !exists(name));
}

/** Finds type names whose last word is a participle, and exported functions of a package without a docstring. */
export function declarationFindings(file: string, text: string): WordFinding[] {
  const { program, comments } = parseSync(file, text);
  const place = (start: number): string => `${file}:${text.slice(0, start).split("\n").length}`;
  const findings: WordFinding[] = [];
  for (const statement of program.body) {
    const exported = statement.type === "ExportNamedDeclaration";
    const declaration = exported ? statement.declaration : statement;
    if (declaration?.type === "TSTypeAliasDeclaration" || declaration?.type === "TSInterfaceDeclaration") {
      const { name } = declaration.id;
      if (participle.test(name)) findings.push({ rule: "participle", place: place(statement.start), text: name });
    }
    if (!exported || declaration?.type !== "FunctionDeclaration" || !/^packages\/[^/]+\/src\//.test(file)) continue;
    const before = comments.findLast(({ end }) => end <= statement.start);
    const documented =
      before?.type === "Block" && before.value.startsWith("*") && /^\s*$/.test(text.slice(before.end, statement.start));
    if (!documented)
      findings.push({ rule: "docstring", place: place(statement.start), text: declaration.id?.name ?? "a function" });
  }
  return findings;
}

/** Matches names that end in a participle. Feed, Need, Seed and Speed are nouns that end like a participle. */
const participle =
  /(?:^(?!.*(?:Feed|Need|Seed|Speed)$).*[a-z]ed|(?:^|[a-z])(?:Told|Written|Kept|Held|Known|Found|Sent|Heard|Got|Left|Seen|Said|Given|Shown|Made|Taken|Chosen|Lost|Built|Met|Read))$/;
