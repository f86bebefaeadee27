using Ringmaster.Devices.Display;

namespace Ringmaster.Devices.Tests.Display;

/// <summary>A guest that writes anything anywhere gets some picture, and nothing else.</summary>
public sealed class VgaFuzzTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Whatever_the_registers_hold_there_is_a_picture(int seed)
    {
        var random = new Random(seed);
        var board = new VgaBoard();
        var pixels = Array.Empty<uint>();
        for (var round = 0; round < 300; round++)
        {
            for (var i = random.Next(60); i > 0; i--)
                Act(board, random);
            var size = board.Device.Size;
            Assert.InRange(size.Width, 1, ScreenSize.Most);
            Assert.InRange(size.Height, 1, ScreenSize.Most);
            if (pixels.Length < size.Pixels)
                pixels = new uint[size.Pixels];
            pixels.AsSpan().Fill(uint.MaxValue);

            board.Device.Capture(pixels.AsSpan(0, size.Pixels));

            Assert.False(pixels.AsSpan(0, size.Pixels).ContainsAnyInRange(0x0100_0000u, uint.MaxValue));
            board.Clock.Advance(random.NextInt64(1_000_000_000));
        }
    }

    private static void Act(VgaBoard board, Random random)
    {
        switch (random.Next(12))
        {
            case 0:
                Action[] modes = [board.SetTextMode, board.SetPlanarMode, board.SetByteMode, board.SetCgaMode, board.SetUnchainedMode];
                modes[random.Next(modes.Length)]();
                break;
            case 1:
                board.SetDispiMode(random.Next(5000), random.Next(1000), random.Next(9) * 4, random.Next(256));
                break;
            case 2:
                board.SetDispi(random.Next(16), random.Next(0x10000));
                break;
            case 3 or 4 or 5:
                board.SetCrtc(random.Next(32), random.Next(256));
                break;
            case 6:
                board.SetSequencer(random.Next(8), random.Next(256));
                break;
            case 7:
                board.SetGraphics(random.Next(16), random.Next(256));
                break;
            case 8:
                board.SetAttribute(random.Next(32), random.Next(256));
                break;
            case 9:
                board.WriteMemory((uint)(0xA0000 + random.Next(0x1FFF9)), (ulong)random.NextInt64(), random.Next(1, 9));
                break;
            case 10:
                board.Device.WriteRegisters((ulong)random.Next(0x1000), random.Next(1, 9), (ulong)random.NextInt64());
                break;
            default:
                board.Ports.Out(0x3B0 + random.Next(0x30), random.Next(256));
                break;
        }
    }
}
