using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Ringmaster.Devices.Network;
using Ringmaster.Guests.Tests.Harness;
using Ringmaster.Machine;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Guests.Tests.Pc;

/// <summary>Firmware finds the program in a network card's ROM and boots from the network by it.</summary>
public sealed class NetworkBootTests
{
    private static readonly MacAddress s_mac = new(0x5254_0000_0001);

    [Theory]
    [InlineData(NetModel.Virtio)]
    [InlineData(NetModel.E1000)]
    public void IPXE_asks_for_an_address(NetModel model)
    {
        var wire = new Wire();
        var machine = new MachineConfig
        {
            Firmware = FirmwareConfig.Bios,
            Engine = new EngineConfig(EngineChoice.Translator),
            Boot = new BootConfig([BootConfig.Net]),
            Networks = [new NetConfig(NetKind.User) { Model = model, Mac = s_mac }],
        };
        using var guest = new TestGuest(machine, new MachineHost(NullLoggerFactory.Instance) { Networks = [wire] });

        guest.Console.Expect("iPXE initialising devices...", TestGuest.Patience);

        var discover = wire.WaitForDiscover(TimeSpan.FromMinutes(2));
        Assert.NotNull(discover);
        // The client's hardware address in the BOOTP message (RFC 951) behind the headers of Ethernet, IPv4 and UDP.
        Assert.Equal([0x52, 0x54, 0, 0, 0, 1], discover[(14 + 20 + 8 + 28)..][..6]);
        guest.Stop();
    }

    private sealed class Wire : INetworkBackend
    {
        private readonly BlockingCollection<byte[]> _sent = [];

        public bool TakesOffloads => false;

        public void Send(ReadOnlySpan<byte> frame, in FrameOffload offload) => _sent.Add(frame.ToArray());

        public void Connect(FrameReceiver? receiver)
        {
        }

        public void ReceiverReady()
        {
        }

        /// <summary>The first DHCP message (from UDP port 68 to 67 over IPv4); null if none comes.</summary>
        public byte[]? WaitForDiscover(TimeSpan patience)
        {
            var deadline = DateTime.UtcNow + patience;
            while (deadline - DateTime.UtcNow is { Ticks: > 0 } left && _sent.TryTake(out var frame, left))
            {
                if (frame.Length > 14 + 20 + 8 + 34 && frame[12] == 8 && frame[23] == 17 && frame[35] == 68 && frame[37] == 67)
                    return frame;
            }
            return null;
        }
    }
}
