import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";

/** What a folder of src may import besides itself: all of another, or one file of it. */
const ALLOWED: Record<string, readonly RegExp[]> = {
  sp: [/^ws$/, /^node:/],
  bus: [/^@msgpack\/msgpack$/, /^node:/, /^sp\//],
  qq: [/^bus\/types\.ts$/],
  channel: [/^node:/, /^openclaw\/plugin-sdk\//, /^(sp|bus|qq)\//],
};

const SOURCES = globSync("*/**/*.ts", { cwd: new URL("../src", import.meta.url).pathname });

/** What a source imports from outside its folder, as `folder/file.ts` or a package. */
function importsOf(source: string): string[] {
  const text = readFileSync(new URL(`../src/${source}`, import.meta.url), "utf8");
  const found = text.matchAll(
    /^(?:(?:import|export|\}).* from |import )"([^"]+)";|import\("([^"]+)"\)/gm,
  );
  return [...found]
    .map((match) => match[1] ?? match[2] ?? "")
    .filter((path) => !path.startsWith("./"))
    .map((path) => path.replace(/^\.\.\//, ""));
}

for (const [folder, allowed] of Object.entries(ALLOWED)) {
  test(`src/${folder} imports what it may`, () => {
    const sources = SOURCES.filter((source) => source.startsWith(`${folder}/`));
    assert.ok(sources.length > 0);
    for (const source of sources) {
      const others = importsOf(source).filter((path) => !allowed.some((may) => may.test(path)));
      assert.deepEqual(others, [], source);
    }
  });
}

test("every source has a folder with a rule", () => {
  const folders = new Set(SOURCES.map((source) => source.split("/")[0]));
  assert.deepEqual([...folders].sort(), Object.keys(ALLOWED).sort());
});
