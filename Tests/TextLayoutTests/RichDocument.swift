/// Markdown with every kind of block and mark, also nested, cut off and unusual.
let richDocument = """
    # Title *here*
    Intro *para* with **bold
    over lines** and `code` and [a link](https://example.org/x) and https://swift.org/x?y=1 .

    Setext
    ======

    - one **and _more_**
    - two

      still two
      ```sh
      ls -la "$HOME" # list
      ```
    - three
      1. a
      2. b
         - deep item with a very long text that has to wrap because it is longer than the width
    1. other list
    2. second [x]
    - [ ] todo
    - [x] done ~~gone~~

    > quote
    lazy continuation 漢字かな交じり文、「長い」文です。
    > more
    > > nested
    >
    > - item in quote
    >   > quote in item

    ```swift
    // comment /* not open
    func f(_ x: Int) -> String { "abc \\(x)" + \"\"\"

    text \"\"\"
    let y = 0x1F /* open
    still open */ + 2
    ```
    | Region | Q2 | Growth |
    |:---|---:|:-:|
    | **North** | 1.20 M | 9.2 % |
    | South <br> and more | `0.84` M | [21.4 %](https://e.org/s) |
    | West

    ---
    Last para【1】and &amp; &copy; <b>html</b> 👩\u{200D}👩\u{200D}👧 🇩🇪 e\u{301} x\u{202E}y
    <div class="x">
    block *html*
    </div>

        indented code

        more of it
    \ttab code

    [foo]: https://x.org "title"
    See [foo] and ![img](https://a/b.png), [late] and a \\*literal\\* star * alone.

    ***bold italic*** __strong__ _em_ `` code ` tick `` <https://auto.link/> me@example.org

    1) paren
    2) list
    10) ten

    * star

    * loose

    +
    + empty before

    ## Closed ##
    Text with a hard break  \nnext row\\
    third row

    [late]: https://late.example

    ~~~
    tilde ``` fence
    ~~~
    ```python
    def f(): return '''open
    """
