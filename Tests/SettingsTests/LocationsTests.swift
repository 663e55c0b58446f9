import Settings
import Testing

@Suite("The locations") struct LocationsTests {
    @Test("follow the XDG variables, and HOME where they are absent or relative")
    func xdg() throws {
        let named = try Locations(
            environment: [
                "HOME": "/home/a", "XDG_CONFIG_HOME": "/c", "XDG_DATA_HOME": "/d",
                "XDG_STATE_HOME": "/s",
            ], executable: "/usr/bin/switchboard")
        #expect(named.configurationFile == "/c/switchboard/config.yaml")
        #expect(named.data == "/d/switchboard" && named.state == "/s/switchboard")
        let home = try Locations(
            environment: ["HOME": "/home/a", "XDG_CONFIG_HOME": "relative"],
            executable: "/usr/bin/switchboard")
        #expect(home.configuration == "/home/a/.config/switchboard")
        #expect(home.data == "/home/a/.local/share/switchboard")
        #expect(home.state == "/home/a/.local/state/switchboard")
    }

    @Test("let --data win over SWITCHBOARD_DATA, and that over the rest")
    func data() throws {
        let environment = ["HOME": "/home/a", "SWITCHBOARD_DATA": "/e"]
        #expect(try Locations(environment: environment, executable: "/b").data == "/e")
        #expect(
            try Locations(environment: environment, executable: "/b", data: "/o").data == "/o")
    }

    @Test("say what to do without a home")
    func homeless() {
        #expect(throws: ConfigurationError.self) {
            try Locations(environment: [:], executable: "/usr/bin/switchboard")
        }
    }

    @Test("find files with a person's own first, then the installed ones, then the checkout's")
    func order() throws {
        let files = [
            "config/switchboard/themes/own.yaml": "", "prefix/bin/switchboard": "",
            "prefix/share/switchboard/themes/dark.yaml": "",
            "prefix/share/switchboard/manual/start.md": "",
        ]
        try Places.withFolder(files) { folder in
            let environment = ["HOME": folder, "XDG_CONFIG_HOME": folder + "/config"]
            let installed = try Locations(
                environment: environment, executable: folder + "/prefix/bin/switchboard")
            #expect(
                installed.themeFolders == [
                    folder + "/config/switchboard/themes",
                    folder + "/prefix/share/switchboard/themes",
                ])
            #expect(installed.manual == folder + "/prefix/share/switchboard/manual")
            #expect(installed.themes.names == ["dark", "own"])
        }
    }

    @Test("find the checkout from a build folder below it")
    func checkout() throws {
        let places = try Locations(
            environment: ["HOME": "/nowhere"],
            executable: Places.checkout + "/.build/x86_64-unknown-linux-gnu/debug/switchboard")
        #expect(places.manual == Places.checkout + "/docs/manual")
        #expect(places.themeFolders == [Places.checkout + "/themes"])
    }

    @Test("are empty, not an error, where nothing was brought along")
    func nothing() throws {
        let places = try Locations(environment: ["HOME": "/nowhere"], executable: "/sbin/s")
        #expect(places.manual == nil && places.themes.names.isEmpty)
        #expect(Theme.builtIn.appearance(of: .chatUser, at: .none).bold)
    }
}
