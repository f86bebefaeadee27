using Ringmaster.Machine.Configuration;
using Ringmaster.Machine.Configuration.Reading;

namespace Ringmaster.Machine.Tests.Configuration;

/// <summary>Options that plug in consoles, sockets, a balloon, keyboards and pointers, diskettes and the screen.</summary>
public sealed class DeviceOptionTests
{
    [Theory]
    [InlineData("console", "unix=/tmp/c,name=org.qemu.guest_agent.0")]
    [InlineData("console", "stdio")]
    [InlineData("console", "pty,name=agent")]
    [InlineData("vsock", "cid=7,path=/tmp/v")]
    [InlineData("vsock", "path=/tmp/v")]
    [InlineData("balloon", "on")]
    [InlineData("input", "mouse")]
    [InlineData("floppy", "/dev/null,readonly")]
    [InlineData("disk", "/dev/null,id=root")]
    [InlineData("vga", "std")]
    public void What_is_right_is_taken(string key, string value) => Assert.Empty(Read((key, value)).Errors);

    [Theory]
    [InlineData("console", "none", "plugged into something")]
    [InlineData("console", "file", "needs a path")]
    [InlineData("console", "pty,nam=x", "no setting \"nam\". Did you mean")]
    [InlineData("console", "pty,name=", "no name of a port")]
    [InlineData("console", "pty,name=a,name=b", "given twice")]
    [InlineData("vsock", "cid=2,path=/tmp/v", "no number of a guest")]
    [InlineData("vsock", "cid=3", "path=PATH")]
    [InlineData("vsock", "cid=99999999999999999999,path=/tmp/v", "no number of a guest")]
    [InlineData("balloon", "perhaps", "does not say whether")]
    [InlineData("input", "joystick", "no input device")]
    [InlineData("floppy", "/dev/null,interface=ide", "no setting \"interface\"")]
    [InlineData("disk", "/dev/null,id=a b", "no id of a device")]
    [InlineData("disk", "/dev/null,id=", "no id of a device")]
    [InlineData("vga", "cirrus", "no screen \"cirrus\"")]
    public void What_is_wrong_is_told(string key, string value, string problem) =>
        Assert.Contains(problem, Assert.Single(Read((key, value)).Errors).Message, StringComparison.Ordinal);

    [Fact]
    public void A_screen_brings_a_tablet_and_a_mouse_in_its_place_if_it_is_wanted()
    {
        Assert.Equal([InputKind.Tablet], Complete(("vga", "std")).Inputs);
        Assert.Equal([InputKind.Tablet], Complete(("display", "vnc=:7")).Inputs);
        Assert.Equal([InputKind.Mouse], Complete(("display", "vnc=:7"), ("input", "mouse")).Inputs);
        Assert.Empty(Complete().Inputs);
    }

    [Fact]
    public void A_console_at_standard_input_takes_the_place_of_the_serial_port()
    {
        Assert.Equal([SerialConfig.None], Complete(("console", "stdio")).Serials);
        Assert.Equal([SerialConfig.Stdio], Complete(("console", "pty")).Serials);
    }

    [Theory]
    [InlineData("input", "keyboard", null, null)]
    [InlineData("vga", "none", "display", "vnc=:1")]
    [InlineData("input", "mouse", "input", "tablet")]
    [InlineData("console", "stdio", "serial", "stdio")]
    [InlineData("disk", "/dev/null,id=a,readonly", "net", "user,id=a")]
    public void What_does_not_go_together_is_told(string key, string value, string? otherKey, string? otherValue)
    {
        var options = otherKey is null ? Read((key, value)) : Read((key, value), (otherKey, otherValue!));

        Assert.Empty(options.Errors);
        Assert.Single(options.Options.Conflicts(), c => c.Path != "kernel");
    }

    private static MachineConfig Complete(params (string Key, string Value)[] options) => Read(options).Options.Complete("kernel");

    private static OptionSet Read(params (string Key, string Value)[] options)
    {
        var set = new OptionSet(new OptionText("/"));
        foreach (var (key, value) in options)
            set.Set(key, value, key);
        return set;
    }
}
