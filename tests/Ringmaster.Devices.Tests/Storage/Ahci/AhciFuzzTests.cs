using Ringmaster.Devices.Storage;
using Ringmaster.Devices.Storage.Ata;

namespace Ringmaster.Devices.Tests.Storage.Ahci;

public sealed class AhciFuzzTests
{
    private static readonly byte[] s_packets = [0x00, 0x03, 0x12, 0x1B, 0x1B, 0x1E, 0x28, 0x28, 0x28, 0x43, 0x46, 0x4A, 0x5A, 0xA8, 0xAD, 0xB9, 0xBE, 0xBE];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_hostile_guest_gets_errors_and_can_start_again(bool isCd)
    {
        for (var seed = 0; seed < 150; seed++)
        {
            var random = new Random(seed);
            var driver = (isCd ? new AhciDriver(device: wiring => new AtapiDrive(wiring.Disk, new AtaModel("1", "CD"))) : new AhciDriver()).Start();

            for (var round = 0; round < 12; round++)
                Attack(driver, random, isCd);

            driver.IsBusMaster = true;
            driver.Write(4, 1);
            driver.Disk.CompleteSome();
            driver.Disk.Outcome = BlockStatus.Done;
            driver.Start().WritePort(0x04, 0);
            driver.WritePort(0x0C, 0);
            driver.Restart();
            Assert.Equal(0x50, driver.Do(new AhciCommand(isCd ? (byte)0xA1 : (byte)0x25, 0, 1), (AhciDriver.Data, 512)));
            Assert.Equal(0u, driver.Issued);
        }
    }

    /// <summary>Fills memory with headers, commands and regions that are half sensible, then issues them and touches registers.</summary>
    private static void Attack(AhciDriver driver, Random random, bool isCd)
    {
        for (var slot = 0; slot < 32; slot++)
        {
            var opcode = isCd && random.Next(4) != 0 ? (byte)0xA0 : (byte)(random.Next(2) == 0 ? 0x60 + random.Next(2) : random.Next(256));
            var command = random.Next(2) == 0
                ? AhciCommand.Queued(opcode, slot, (ulong)random.Next(80), random.Next(9))
                : new AhciCommand(opcode, (ulong)random.NextInt64(1L << random.Next(1, 49)), random.Next(1 << random.Next(17)), (ushort)random.Next(0x100));
            (ulong, int)[] regions = [.. Enumerable.Range(0, random.Next(8)).Select(_ => (Pointer(random), 1 + random.Next(1 << random.Next(1, 23))))];
            driver.Prepare(slot, command, regions);
            if (isCd)
                PreparePacket(driver, random, slot);
            // Some say that they have many more regions than there are, or have their table elsewhere.
            if (random.Next(4) == 0)
                driver.Store(AhciDriver.List + (ulong)slot * 32 + 2, BitConverter.GetBytes((ushort)random.Next(0x1_0000)));
            if (random.Next(10) == 0)
                driver.Store(AhciDriver.List + (ulong)slot * 32 + 8, BitConverter.GetBytes(Pointer(random)));
        }
        for (var i = 0; i < 20; i++)
        {
            switch (random.Next(6))
            {
                case 0:
                    driver.WritePort((ulong)random.Next(0x10) * 4, (uint)random.NextInt64());
                    break;
                case 1:
                    driver.Disk.Outcome = random.Next(4) == 0 ? (BlockStatus)random.Next(5) : BlockStatus.Done;
                    driver.Disk.CompleteSome(random.Next(20));
                    break;
                case 2:
                    driver.IsBusMaster = random.Next(4) != 0;
                    break;
                case 3:
                    driver.Restart();
                    driver.Start();
                    break;
                default:
                    driver.IssueQueued((uint)random.NextInt64());
                    break;
            }
        }
    }

    private static void PreparePacket(AhciDriver driver, Random random, int slot)
    {
        var packet = new byte[16];
        random.NextBytes(packet);
        packet[0] = s_packets[random.Next(s_packets.Length)];
        if (random.Next(4) != 0)
            packet.AsSpan(1, 6).Clear();
        if (random.Next(16) != 0)
            driver.Store(AhciDriver.List + (ulong)slot * 32, [0x25]);
        driver.Store(AhciDriver.Tables + (ulong)slot * 0x100 + 0x40, packet);
    }

    private static ulong Pointer(Random random) => random.Next(6) switch
    {
        0 => (ulong)random.NextInt64(),
        1 => ulong.MaxValue << random.Next(64),
        2 => 0x1_0000 - (ulong)random.Next(64),
        _ => (ulong)random.Next(0x1_0000),
    };
}
