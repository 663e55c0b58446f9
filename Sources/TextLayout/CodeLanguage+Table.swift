extension CodeLanguage {
    private static func words(_ text: String) -> Set<String> {
        Set(text.split { $0 == " " || $0 == "\n" }.map(String.init))
    }

    private static let doubleQuoted = StringRule(open: "\"", close: "\"")
    private static let singleQuoted = StringRule(open: "'", close: "'")
    private static let character = StringRule(open: "'", close: "'", isCharacter: true)
    private static let slashes = (open: "/*", close: "*/", nests: false)
    private static let nestedSlashes = (open: "/*", close: "*/", nests: true)

    private static func tripled(_ mark: String) -> StringRule {
        StringRule(open: mark, close: mark, isMultiline: true)
    }

    static let swift = CodeLanguage(
        keywords: words(
            """
            actor any as associatedtype async await break case catch class continue convenience
            default defer deinit do else enum extension fallthrough false fileprivate final for
            func get guard if import in indirect infix init inout internal is isolated lazy let
            mutating nil nonisolated open operator override package private protocol public repeat
            required rethrows return self Self set some static struct subscript super switch
            throw throws true try typealias unowned var weak where while
            """),
        lineComments: ["//"], blockComment: nestedSlashes,
        strings: [
            tripled("\"\"\""),
            StringRule(open: "#\"", close: "\"#", escapes: false), doubleQuoted,
        ],
        marks: [0x40, 0x23], typesAreCapitalised: true)

    static let python = CodeLanguage(
        keywords: words(
            """
            False None True and as assert async await break case class continue def del elif else
            except finally for from global if import in is lambda match nonlocal not or pass raise
            return try while with yield self
            """),
        types: words("bool bytes dict float frozenset int list object set str tuple type"),
        lineComments: ["#"],
        strings: [tripled("\"\"\""), tripled("'''"), doubleQuoted, singleQuoted], marks: [0x40],
        typesAreCapitalised: true)

    static let javaScript = CodeLanguage(
        keywords: words(
            """
            abstract any as async await break case catch class const continue debugger declare
            default delete do else enum export extends false finally for from function get if
            implements import in instanceof interface keyof let namespace new null of private
            protected public readonly return satisfies set static super switch this throw true try
            type typeof undefined unknown var void while with yield
            """),
        types: words("bigint boolean never number object string symbol"),
        lineComments: ["//"], blockComment: slashes,
        strings: [tripled("`"), doubleQuoted, singleQuoted], marks: [0x40], wordBytes: [0x24],
        typesAreCapitalised: true)

    static let cFamily = CodeLanguage(
        keywords: words(
            """
            alignas alignof asm auto break case catch class co_await co_return co_yield concept
            const constexpr continue decltype default delete do else enum explicit export extern
            false final for friend goto if inline mutable namespace new noexcept nullptr NULL
            operator override private protected public register requires restrict return sizeof
            static static_assert struct switch template this throw true try typedef typename union
            using virtual volatile while
            """),
        types: words(
            """
            bool char char16_t char32_t double float int int16_t int32_t int64_t int8_t long short
            signed size_t ssize_t string uint16_t uint32_t uint64_t uint8_t unsigned vector void
            wchar_t FILE
            """),
        lineComments: ["//"], blockComment: slashes, strings: [doubleQuoted, character],
        metaPrefix: "#")

    static let goLanguage = CodeLanguage(
        keywords: words(
            """
            break case chan const continue default defer else fallthrough false for func go goto if
            import interface iota map nil package range return select struct switch true type var
            """),
        types: words(
            """
            any bool byte complex128 complex64 error float32 float64 int int16 int32 int64 int8
            rune string uint uint16 uint32 uint64 uint8 uintptr
            """),
        lineComments: ["//"], blockComment: slashes,
        strings: [
            StringRule(open: "`", close: "`", escapes: false, isMultiline: true), doubleQuoted,
            character,
        ])

    static let rust = CodeLanguage(
        keywords: words(
            """
            Self as async await break const continue crate dyn else enum extern false fn for if
            impl in let loop match mod move mut pub ref return self static struct super trait true
            type union unsafe use where while
            """),
        types: words(
            """
            bool char f32 f64 i128 i16 i32 i64 i8 isize str u128 u16 u32 u64 u8 usize
            """),
        lineComments: ["//"], blockComment: nestedSlashes,
        strings: [
            StringRule(open: "r#\"", close: "\"#", escapes: false, isMultiline: true),
            StringRule(open: "\"", close: "\"", isMultiline: true), character,
        ],
        metaPrefix: "#[", typesAreCapitalised: true)

    static let java = CodeLanguage(
        keywords: words(
            """
            abstract as assert async await break case catch class companion const continue data
            default def do else enum extends false final finally for fun if implements import in
            instanceof interface internal is it lateinit namespace native new null object open
            operator override package private protected public readonly record return sealed static
            strictfp super suspend switch synchronized this throw throws transient true try using
            val var virtual volatile when where while yield
            """),
        types: words("boolean bool byte char decimal double float int long short string void"),
        lineComments: ["//"], blockComment: slashes,
        strings: [tripled("\"\"\""), doubleQuoted, character], marks: [0x40],
        typesAreCapitalised: true)

    static let shell = CodeLanguage(
        keywords: words(
            """
            alias begin case declare do done elif else end esac eval exec exit export false fi for
            function if in local readonly return select set shift source sudo then time trap true
            unset until while cd echo FROM RUN COPY ENV CMD ENTRYPOINT WORKDIR EXPOSE ARG
            """),
        lineComments: ["#"],
        strings: [
            StringRule(open: "\"", close: "\"", isMultiline: true),
            StringRule(open: "'", close: "'", escapes: false, isMultiline: true),
        ],
        marks: [0x24], wordBytes: [0x2D], commentsBeginWords: true)

    static let json = CodeLanguage(
        keywords: words("true false null"), lineComments: ["//"], blockComment: slashes,
        strings: [doubleQuoted], hasKeys: true)

    static let yaml = CodeLanguage(
        keywords: words("true false null yes no on off"), lineComments: ["#", ";"],
        strings: [doubleQuoted, StringRule(open: "'", close: "'", escapes: false)],
        marks: [0x26, 0x2A, 0x21], wordBytes: [0x2D, 0x2E], hasKeys: true,
        commentsBeginWords: true)

    static let sql = CodeLanguage(
        keywords: words(
            """
            add all alter and any as asc begin between by case check column commit constraint
            create cross current_date current_timestamp database default delete desc distinct drop
            else end except exists explain false foreign from full grant group having if in index
            inner insert intersect into is join key left like limit not null offset on or order
            outer over partition primary references returning right rollback row rows select set
            table then transaction trigger true truncate union unique update using values view when
            where with
            """),
        types: words(
            """
            bigint blob boolean bytea char date decimal double float int integer json jsonb
            numeric real serial smallint text time timestamp timestamptz uuid varchar
            """),
        lineComments: ["--"], blockComment: slashes,
        strings: [
            StringRule(open: "'", close: "'", escapes: false, isMultiline: true),
            StringRule(open: "\"", close: "\"", escapes: false),
        ],
        ignoresCase: true)

    static let ruby = CodeLanguage(
        keywords: words(
            """
            alias and begin break case class def defined? do else elsif end ensure extend false for
            if in include loop module next nil not or private protected public raise redo require
            require_relative rescue retry return self super then true undef unless until when while
            yield attr_accessor attr_reader attr_writer puts
            """),
        lineComments: ["#"], strings: [doubleQuoted, singleQuoted], marks: [0x40, 0x3A, 0x24],
        wordBytes: [0x3F], typesAreCapitalised: true)
}
