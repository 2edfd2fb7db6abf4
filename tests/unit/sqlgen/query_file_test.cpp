#include "sqlgen/query_file.hpp"

#include <gtest/gtest.h>

#include "sqlgen/lexer.hpp"

namespace sqlgen {
namespace {

Query only_query(std::string_view text) {
  QueryFile file = parse_query_file("sql/x.sql", text);
  EXPECT_EQ(file.queries.size(), 1U);
  return file.queries.empty() ? Query() : file.queries[0];
}

std::string refusal(std::string_view text) {
  try {
    parse_query_file("sql/x.sql", text);
  } catch (const SourceError& error) {
    return error.what();
  }
  return "read";
}

TEST(SqlgenLexer, CutsTheWholeText) {
  const std::string sql =
      "SELECT 'it''s; @a', E'\\'; @b', \"q\"\"; @c\", $1, @d, x@>y, z<@w, $t$ ; @e $t$, $$;$$, 1.5e3 /* ; /* "
      "@f */ */ "
      "-- ; @g\n+@h;";
  std::string whole;
  std::string found;
  Lexer lexer(sql);
  while (const auto token = lexer.next()) {
    whole += token->text;
    if (token->kind == TokenKind::named || token->kind == TokenKind::parameter)
      found += std::string(token->text) + " ";
    if (token->text == ";") found += "; ";
  }
  EXPECT_EQ(whole, sql);
  EXPECT_EQ(found, "$1 @d ; ") << "+@h is an operator, as PostgreSQL reads it";
}

TEST(SqlgenLexer, UnfinishedTextEndsAtTheEnd) {
  for (const char* sql : {"'abc", "E'abc\\", "\"abc", "/* abc", "/* /* */", "$x$ abc", "--"}) {
    Lexer lexer(sql);
    EXPECT_EQ(lexer.next()->text, sql);
    EXPECT_FALSE(lexer.next().has_value());
  }
}

TEST(SqlgenQueryFile, ReadsHeaderAndStatement) {
  const Query query = only_query(
      "-- About this file.\n\n"
      "-- name: GetThing :one\n"
      "-- What it does.\n"
      "-- notnull: total, other\n"
      "-- nullable: uid\n"
      "SELECT 1 -- why\n  AS one  \nWHERE a =/* here */@a AND b = sqlc.narg(b) AND c = sqlc.arg('c') AND d = "
      "@a ;\n\n");
  EXPECT_EQ(query.name, "GetThing");
  EXPECT_EQ(query.command, Command::one);
  EXPECT_EQ(query.line, 3);
  EXPECT_EQ(query.comment, std::vector<std::string>{"What it does."});
  EXPECT_EQ(query.notnull.names, (std::vector<std::string>{"total", "other"}));
  EXPECT_EQ(query.notnull.line, 5);
  EXPECT_EQ(query.nullable.names, std::vector<std::string>{"uid"});
  EXPECT_EQ(query.sql_line, 7);
  EXPECT_EQ(query.sql, "SELECT 1\n  AS one\nWHERE a = $1 AND b = $2 AND c = $3 AND d = $1");
  ASSERT_EQ(query.parameters.size(), 3U);
  EXPECT_EQ(query.parameters[0].name, "a");
  EXPECT_FALSE(query.parameters[0].nullable);
  EXPECT_TRUE(query.parameters[1].nullable);
  EXPECT_FALSE(query.parameters[2].nullable);
}

TEST(SqlgenQueryFile, ReadsThatRowsAreStreamed) {
  EXPECT_TRUE(only_query("-- name: X :many\n-- streamed\nSELECT 1;").streamed);
  EXPECT_FALSE(only_query("-- name: X :many\n-- rows are streamed\nSELECT 1;").streamed);
}

TEST(SqlgenQueryFile, PositionalParametersGetNames) {
  const Query query = only_query("-- name: X :exec\nDELETE FROM t WHERE b = $2 AND a = $1;");
  ASSERT_EQ(query.parameters.size(), 2U);
  EXPECT_EQ(query.parameters[1].name, "arg2");
}

TEST(SqlgenQueryFile, MistakesAreNamedWithTheirLine) {
  EXPECT_EQ(refusal("\nSELECT 1;"),
            "sql/x.sql:2: a statement needs a line `-- name: SomeName :one` before it");
  const std::string header =
      "expected `-- name: SomeName :COMMAND`, a name in CamelCase and one, many, exec, execrows "
      "or copyfrom";
  EXPECT_EQ(refusal("-- name: X :some\nSELECT 1;"), "sql/x.sql:1: " + header);
  EXPECT_EQ(refusal("-- name: get_x :one\nSELECT 1;"), "sql/x.sql:1: " + header);
  EXPECT_EQ(refusal("-- name: X :one\n-- name: Y :one\nSELECT 1;"),
            "sql/x.sql:1: there is no statement for X");
  EXPECT_EQ(refusal("-- name: X :one\n-- streamed\nSELECT 1;"),
            "sql/x.sql:2: only a :many query can be streamed");
  EXPECT_EQ(refusal("-- name: X :many\n-- streamed\nSELECT @a;"),
            "sql/x.sql:1: X is streamed by COPY, which takes no parameters");
  EXPECT_EQ(refusal("-- name: X :one\n"), "sql/x.sql:1: there is no statement for X");
  EXPECT_EQ(refusal("-- name: X :one\nSELECT 1\n"), "sql/x.sql:3: the statement of X has no ';' at its end");
  EXPECT_EQ(refusal("-- name: X :one\nSELECT 1\n-- name: Y :one\nSELECT 2;"),
            "sql/x.sql:3: the statement of X has no ';' at its end");
  EXPECT_EQ(refusal("-- name: X :one\nSELECT 1; SELECT 2;"),
            "sql/x.sql:2: a statement needs a line `-- name: SomeName :one` before it");
  EXPECT_EQ(refusal("-- name: X :one\nSELECT $1,\n @a;"), "sql/x.sql:3: X uses both $1 and named parameters");
  EXPECT_EQ(refusal("-- name: X :one\nSELECT @a, sqlc.narg(a);"),
            "sql/x.sql:2: parameter a is sqlc.narg in one place and not in another");
  EXPECT_EQ(
      refusal("-- name: X :one\nSELECT sqlc.slice(a);"),
      "sql/x.sql:2: of sqlc's functions only sqlc.arg(name) and sqlc.narg(name) are understood, without line "
      "breaks");
}

TEST(SqlgenQueryFile, KeywordsLeaveOutStringsAndComments) {
  EXPECT_EQ(keywords("select 'LEFT', \"Join\" /* x */ left  join"),
            (std::vector<std::string>{"SELECT", ",", "LEFT", "JOIN"}));
}

}  // namespace
}  // namespace sqlgen
